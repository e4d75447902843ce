"""The exercises, one module each; `lessons_lib.course.exercise` says how to write one."""
