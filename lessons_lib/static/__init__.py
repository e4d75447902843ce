"""Static inference: predictions made ahead of time, verified, published and looked up.

Lesson 02 builds it, and the files are best read in the order of the pipeline: `job` scores every
key, with a `checkpoint`; `gate` runs the `checks` and writes a `report`; `store` publishes a
version, and `reader` looks keys up in it. Below them stand `table` (the file), `manifest` (which
versions there are) and `pointer` (which one serves). `shared` is the store for many machines.
"""
