"""Saved searches that are asked of every incident that is new or has changed in what matters, and alerts of what they find.

records    saved searches and alerts; where alerts go
essence    what matters of an incident; news: what is new of those that have changed
spans      the words that a search found an incident by
matching   news and saved searches -> alerts
telling    an alert in words; feed, files: in a feed, in JSON Lines
delivery   alerts -> their receivers, at least once
step       all of that, as the last step of a run
"""
