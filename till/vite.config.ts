import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { packTexts } from './scripts/pack-texts.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  define: { __TILL_VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  plugins: [packTexts()],
  build: {
    minify: 'terser',
    terserOptions: { ecma: 2017, compress: { passes: 1, pure_getters: true, unsafe_arrows: true, unsafe_methods: true }, format: { comments: false } },
    target: 'chrome64',
    cssTarget: 'chrome64',
    outDir: 'dist',
    modulePreload: false,
    reportCompressedSize: false,
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'incustTill', fileName: () => 'bundle.js' },
  },
  test: { include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'] },
});
