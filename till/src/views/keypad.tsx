import { h, type ComponentChildren } from 'preact';
import type { Ui } from './ui';

/** Keeps the cursor in the field while keys are pressed, so that a scanner or keyboard goes on typing there. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

interface KeyProps {
  children: ComponentChildren;
  press(): void;
  test: string;
  label?: string;
  look?: string;
  disabled?: boolean;
}

export function Key({ children, press, test, label, look, disabled }: KeyProps) {
  return (
    <button type="button" class={`key ${look || ''}`} onMouseDown={keepFocus} onClick={press} data-test={test} aria-label={label} disabled={disabled}>
      {children}
    </button>
  );
}

/** The key that ends the input. */
export function GoKey({ test, text, busy, press, disabled }: { test: string; text: string; busy: boolean; press(): void; disabled: boolean }) {
  return (
    <Key test={test} look="key-wide key-go" press={press} disabled={busy || disabled}>
      {busy ? <span class="spinner" /> : text}
    </Key>
  );
}

interface KeypadProps {
  ui: Ui;
  /** Changes the field's text; several keys may be pressed before it is drawn anew. */
  edit(change: (text: string) => string): void;
  /** Keys of the right column under "erase". */
  second?: ComponentChildren;
  third?: ComponentChildren;
  submit: ComponentChildren;
}

/** The till's own keypad: no system keyboard covers the order on a tablet. */
export function Keypad({ ui, edit, second, third, submit }: KeypadProps) {
  const row = (values: string, look?: string) =>
    values.split('').map((value) => <Key test={`key-${value}`} look={look || ''} press={() => edit((text) => text + value)}>{value}</Key>);
  return (
    <div class="keypad">
      {row('123')}
      <Key test="key-erase" label={ui.t('erase')} look="key-side" press={() => edit((text) => text.slice(0, -1))}>⌫</Key>
      {row('456')}
      {second || <span />}
      {row('789')}
      {third || <span />}
      {row('0', 'key-wide')}
      {submit}
    </div>
  );
}
