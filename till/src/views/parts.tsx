import { h, type ComponentChildren } from 'preact';
import type { Event } from '../state/events';
import type { Sentence } from '../state/sentence';
import type { Ui } from './ui';

interface ButtonProps {
  ui: Ui;
  /** What pressing it means. */
  press: Event;
  children: ComponentChildren;
  test: string;
  look?: 'primary' | 'danger';
  big?: boolean;
  disabled?: boolean;
  busy?: boolean;
}

export function Button({ ui, press, children, test, look, big, disabled, busy }: ButtonProps) {
  const classes = `button${look ? ` button-${look}` : ''}${big ? ' button-big' : ''}`;
  return (
    <button type="button" class={classes} disabled={disabled || busy} onClick={() => ui.dispatch(press)} data-test={test} aria-busy={busy}>
      {children}
    </button>
  );
}

export function Row({ label, children, strong, test }: { label: string; children: ComponentChildren; strong?: boolean; test?: string }) {
  return (
    <div class={strong ? 'row row-strong' : 'row'}>
      <span class="row-label">{label}</span>
      <span class="row-value" data-test={test}>{children}</span>
    </div>
  );
}

/** What went wrong or is to be known; read aloud when it appears. Its place is always there, so nothing jumps. */
export function Notice({ ui, problem, children }: { ui: Ui; problem: Sentence | null; children?: ComponentChildren }) {
  return (
    <p id="note" class={problem ? 'notice notice-problem' : 'notice'} role="status" aria-live="polite" data-test={problem ? 'problem' : 'note'}>
      {problem ? ui.say(problem) : children}
    </p>
  );
}

/** The guest's initial, his name, and what is said under it. */
export function Person({ name, small, children }: { name: string; small?: boolean; children?: ComponentChildren }) {
  return (
    <div class={small ? 'person person-small' : 'person'}>
      <span class="avatar" aria-hidden="true">{(name[0] || '☺').toUpperCase()}</span>
      <div class="person-text">
        <h1 class="title" data-test="guest-name">{name}</h1>
        {children}
      </div>
    </div>
  );
}
