// Put into every page by desk.py; `jupyterapp` appears once JupyterLab has started.
window.desk = {
  panel: () => window.jupyterapp?.shell.currentWidget,
  session: () => desk.panel()?.sessionContext?.session,
  model: () => desk.panel().context.model.toJSON(),
  kernel: () => desk.session()?.kernel,
  edit(index, source) {
    const notebook = desk.panel().content;
    notebook.activeCellIndex = index;
    if (source !== null) notebook.activeCell.model.sharedModel.setSource(source);
  },
  async run(name, args) {
    desk.busy = true;
    try { await jupyterapp.commands.execute(name, args); } finally { desk.busy = false; }
  },
};
