// Line icons, drawn here; 24 × 24, in the colour of the text.

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  close: 'M6 6l12 12M18 6L6 18',
  functions: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  guest: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  minus: 'M5 12h14',
  more: 'M5 11h1v1H5zM12 11h1v1h-1zM19 11h1v1h-1z',
  plus: 'M12 5v14M5 12h14',
  print: 'M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z',
  receipt: 'M6 3v18l2-1.5L10 21l2-1.5L14 21l2-1.5L18 21V3zM9 8h6M9 12h6',
  remove: 'M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8v8M12 8v8M16 8v8',
  backspace: 'M8 5h12v14H8l-6-7zM11 9l6 6M17 9l-6 6',
};

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
