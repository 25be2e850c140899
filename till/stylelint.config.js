/** The register's oldest WebView is Chrome 64: no flex gap (84), inset (87), :is (88), aspect-ratio (88). */
export default {
  plugins: ['stylelint-no-unsupported-browser-features'],
  rules: {
    'plugin/no-unsupported-browser-features': [true, { browsers: ['chrome 64'] }],
    // caniuse knows `gap` for grids only, so the flex variant is named here.
    'property-disallowed-list': ['gap', 'row-gap', 'column-gap', 'inset', 'aspect-ratio', 'accent-color'],
    'selector-pseudo-class-disallowed-list': ['is', 'where', 'has', 'focus-visible'],
    'function-disallowed-list': ['min', 'max', 'clamp', 'color-mix'],
  },
};
