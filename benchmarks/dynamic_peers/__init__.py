"""The peers of ``benchmarks/dynamic.py``, each in the plainest form its own documentation shows."""
