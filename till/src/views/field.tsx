import { Component, h } from 'preact';

interface FieldProps {
  label: string;
  value: string;
  onInput(value: string): void;
  onSubmit(): void;
  test: string;
  /** `none` keeps the system keyboard away: the own keypad is there. */
  inputMode: 'none' | 'email';
  badge?: string | null;
  disabled: boolean;
  placeholder?: string;
  /** Hands the input out to who needs its selection. */
  take?(input: HTMLInputElement | null): void;
}

/**
 * The one field of a window. It takes the cursor when it appears and gets it back with the next key that is typed
 * anywhere, because a USB scanner is a keyboard and does not look where the cursor is.
 */
export class Field extends Component<FieldProps> {
  private input: HTMLInputElement | null = null;

  private readonly catchKey = (event: KeyboardEvent): void => {
    const active = document.activeElement;
    if (!(active instanceof HTMLInputElement) && event.key.length === 1) this.input!.focus();
  };

  override componentDidMount(): void {
    window.focus();
    this.input!.focus();
    document.addEventListener('keydown', this.catchKey);
  }

  override componentWillUnmount(): void {
    document.removeEventListener('keydown', this.catchKey);
  }

  override render({ label, value, onInput, onSubmit, test, inputMode, badge, disabled, placeholder, take }: FieldProps) {
    return (
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <label class="field-label" for="field">{label}</label>
        <div class="field-box">
          <input
            id="field"
            ref={(input) => {
              this.input = input;
              if (take) take(input);
            }}
            class="field-input"
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            inputMode={inputMode}
            readOnly={disabled}
            placeholder={placeholder || ''}
            aria-describedby="note"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            data-test={test}
          />
          {badge && <span class="badge" data-test="identify-kind">{badge}</span>}
        </div>
      </form>
    );
  }
}
