"""The window. How to write a screen:

- A screen is a package `valise/ui/<name>/` whose `__init__` imports nothing heavy and offers one class, a
  `valise.ui.screens.Screen` (a QWidget) made as `TextsScreen(door, runner, parent)`. It is listed once in
  `screens.py`, is made when first shown, and has `refresh(changes)` (repaint only what `views.Changes` names),
  `focus_first()`, `open_ref(ref)` (show one thing, for search and the overview), `panes()` (what F6 cycles).
- Queries (short, paged) are called on `door` directly; commands always go through the one writer thread:
  `runner.run(lambda: door.texts.agree(text, paragraph), done, failed, owner=self)`. `done(result)` and
  `failed(error)` arrive on the UI thread, and are dropped when `owner` is gone. Without `failed` the window shows the
  error in its notice bar. Never make or destroy a QObject inside the callable.
- Actions and shortcuts: `actions.register(ActionSpec(...))` once at module level, then
  `actions.make("texts.agree", self, self._agree)`; the keys page and the tests read the same table.
- Colours: `theme.tokens()` when painting; in widgets set `setProperty("role", "title" | "heading" | "muted" | "small" |
  "error" | "mono")` on labels and `setProperty("kind", "primary" | "danger" | "quiet")` on buttons, and
  `setObjectName("pane" | "card" | "sidebar")` on frames. Spacing: `theme.SPACE`. Icons: `icons.bind(button, "send")`
  (recoloured when the theme changes), `icons.pixmap(...)` when painting.
- Everything that came from outside is shown by `widgets.labels.SafeLabel` (plain text, bidi isolates) or, inside our
  own sentences, through `text_safe.isolate`. Never by QLabel.
- Text through `self.tr("...")`. Every control has an accessible name: `labels.named(widget, self.tr("..."))`.
- Custom painting mirrors: `QStyle.visualRect(direction, area, rect)`, `QStyle.visualAlignment`.
- No `exec()`: `dialog.open()` and signals. Times by `widgets.times.moment(ms)`; errors by `widgets.notice.NoticeBar`;
  empty lists by `widgets.empty.EmptyState`.
"""
