import { Component, Fragment, h } from 'preact';
import type { Quote } from '../api/contract';
import { readAmount } from '../texts/format';
import type { RedeemWindow } from '../state/state';
import { Field } from './field';
import { GoKey, Key, Keypad } from './keypad';
import { Button, Notice } from './parts';
import type { Ui } from './ui';

interface Props {
  ui: Ui;
  window: RedeemWindow;
  quote: Quote;
}

/** Another amount than the most: what is left to pay and what is collected follow the typing. */
export class RedeemAmount extends Component<Props, { text: string }> {
  override state = { text: '' };

  /** What is no amount is not taken; the field shows what it showed before. */
  private readonly edit = (change: (text: string) => string): void => {
    this.setState(({ text }) => {
      const next = change(text);
      return { text: next && readAmount(next, this.props.ui.digits) === null ? text : next };
    });
  };

  override componentDidUpdate({ ui }: Props, { text: before }: { text: string }): void {
    const { text } = this.state;
    if (text !== before) ui.dispatch({ type: 'amountTyped', minor: readAmount(text, ui.digits) || 0 });
  }

  override render({ ui, window: { busy, amount, problem }, quote }: Props) {
    const { text } = this.state;
    const { minor } = amount;
    const most = quote.redeem_max_minor;
    const limit = { text: 'amount_max', values: { amount: ui.points(most) } } as const;
    const tooMuch = minor > most;
    const counted = minor === 0 ? quote.earn_without_redeem_minor : amount.quote && amount.quote.earn_minor;
    const go = (): void => ui.dispatch({ type: 'redeemPressed', minor });
    return (
      <>
        <Field label={ui.t('amount_label')} value={text} onInput={(typed) => this.edit(() => typed)} onSubmit={go} test="redeem-amount" inputMode="none" disabled={busy} placeholder={ui.points(0)} />
        <Notice ui={ui} problem={tooMuch ? limit : problem}>{ui.say(limit)}</Notice>
        <p class="outcome">
          <span>{ui.t('due')}: <b data-test="redeem-due">{ui.money(quote.total_minor - Math.min(minor, most))}</b></span>
          <span>{ui.t('earn_row')}: <b data-test="redeem-earn" class="gain">{counted === null || tooMuch ? '…' : `+${ui.points(counted)}`}</b></span>
        </p>
        <Keypad
          ui={ui}
          edit={this.edit}
          second={ui.digits > 0 && <Key test="key-dot" look="key-side" press={() => this.edit((now) => `${now || 0}.`)}>.</Key>}
          submit={<GoKey test="redeem-continue" text={ui.t('go_on')} busy={busy} press={go} disabled={minor === 0 || tooMuch} />}
        />
        <div class="bottom pair">
          <Button ui={ui} disabled={busy} test="redeem-back" press={{ type: 'backPressed' }}>{ui.t('back')}</Button>
          <Button ui={ui} test="redeem-none" press={{ type: 'redeemNonePressed' }}>{ui.t('dont_redeem')}</Button>
        </div>
      </>
    );
  }
}
