"""The laboratories of the lessons: plain functions from settings to a view, and a live panel on top."""
