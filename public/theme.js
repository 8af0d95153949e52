// Runs before the first paint, so that the chosen theme does not flash. Without a choice the system's theme applies.
try {
  const theme = localStorage.getItem('inkpick-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused: the system's theme applies.
}
