"""Settings for learners that leave their own untouched (found through JUPYTER_CONFIG_PATH)."""

c = get_config()  # noqa: F821

# Nothing is asked of the internet: no news, no update check, no extension catalogue.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
