"""Static inference: predictions made ahead of time, verified, published and looked up.

The files are best read in the order of the pipeline: `job` scores every key, `gate` verifies the
candidate and writes a `report`, `store` publishes a version and looks keys up in it, and `refresh`
makes the next version out of the last one and what has changed since. Below them stand `table` (the
file), `pointer` (which versions there are, and which one serves) and `base` (what all stores
share). `redis` is the store for many machines.
"""
