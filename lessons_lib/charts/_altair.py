"""Import Altair in half a second instead of two; every other module of the package comes after.

Altair checks its charts with jsonschema, which builds a large grammar for web addresses as soon as
the optional ``rfc3987_syntax`` can be imported (the notebook server brings it). No chart holds an
address to check, so that module is hidden for this one import.
"""

import sys

HIDDEN = "rfc3987_syntax"

_hide = "jsonschema" not in sys.modules and HIDDEN not in sys.modules
if _hide:
    sys.modules[HIDDEN] = None  # type: ignore[assignment]
try:
    import altair  # noqa: F401
finally:
    if _hide:
        del sys.modules[HIDDEN]
