'use client';

import { Moon, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button';

const STORAGE_KEY = 'inkpick-theme';
const systemIsDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** Switches between light and dark. Choosing the system's theme removes the stored choice, so it follows the system. */
export function ThemeToggle() {
  const [dark, setDark] = useState(false);

  useEffect(() => {
    const read = () =>
      setDark((document.documentElement.dataset.theme ?? (systemIsDark() ? 'dark' : 'light')) === 'dark');
    read();
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }, []);

  const toggle = () => {
    const theme = dark ? 'light' : 'dark';
    const asSystem = (theme === 'dark') === systemIsDark();
    if (asSystem) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      if (asSystem) localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    setDark(!dark);
  };

  const Icon = dark ? Sun : Moon;
  return (
    <Button look="icon" onClick={toggle} aria-label={dark ? 'Light theme' : 'Dark theme'}>
      <Icon size={18} aria-hidden="true" />
    </Button>
  );
}
