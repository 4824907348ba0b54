"""Our own transformer: a small encoder of Spanish crime news with heads for mentions, their roles and the article.

``store`` checks the file, ``reading`` runs it over a text, ``arbiter`` weighs what it says against the rules, ``component``
is its place in the spaCy pipeline. Training is in ``training/transformer``.
"""
