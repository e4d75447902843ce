"""What a learner has done, where they stand, and whether their set-up is ready."""

from lessons_lib.record.dashboard import dashboard
from lessons_lib.record.progress import export
from lessons_lib.record.ready import check_setup

__all__ = ["check_setup", "dashboard", "export"]
