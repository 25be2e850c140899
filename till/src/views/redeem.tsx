import { Fragment, h } from 'preact';
import type { Quote } from '../api/contract';
import { redeemable } from '../state/quoting';
import type { RedeemWindow } from '../state/state';
import { Button, Notice, Person, Row } from './parts';
import { RedeemAmount } from './redeem-amount';
import { RedeemCode } from './redeem-code';
import type { Ui } from './ui';

interface Props {
  ui: Ui;
  window: RedeemWindow;
}

/** The window at Pay: how much of his bonuses the guest redeems, and what he collects. */
export function Redeem({ ui, window }: Props) {
  const order = ui.state.orders[window.orderId];
  if (!order || !order.guest) return null;
  const { name, customer } = order.guest;
  return (
    <div class="view" data-test="redeem-window">
      <Person name={name || ui.t('guest')} small>
        {customer && <p class="muted">{ui.t('balance')}: <b data-test="redeem-balance">{ui.points(customer.bonus.balance_minor)}</b></p>}
      </Person>
      {stage(ui, window)}
    </div>
  );
}

function stage(ui: Ui, window: RedeemWindow) {
  const { quote } = window;
  if (window.stage === 'loading' || !quote) return <Skeleton ui={ui} window={window} />;
  if (window.stage === 'amount') return <RedeemAmount ui={ui} window={window} quote={quote} />;
  if (window.stage === 'code') return <RedeemCode ui={ui} window={window} />;
  return <Offer ui={ui} window={window} quote={quote} />;
}

function Offer({ ui, window, quote }: Props & { quote: Quote }) {
  const known = ui.state.orders[window.orderId]!;
  const order = known.order!;
  const most = redeemable(known, quote);
  const { redeem_blocked, confirmation, earn_without_redeem_minor } = quote;
  if (most === 0) {
    const why = order.posterBonusMinor > 0 ? ui.t('poster_bonus') : redeem_blocked && redeem_blocked.detail;
    return (
      <>
        <Figures ui={ui} quote={quote} redeem={0} />
        <Notice ui={ui} problem={window.problem}>{why}</Notice>
        <div class="bottom">
          <Button ui={ui} look="primary" big test="redeem-none" press={{ type: 'redeemNonePressed' }}>{ui.t('go_on')}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Figures ui={ui} quote={quote} redeem={most} />
      {order.preCheckPrinted && <PreCheck ui={ui} window={window} />}
      <Notice ui={ui} problem={window.problem}>{confirmation.required && ui.t('code_needed', { masked: confirmation.masked })}</Notice>
      <div class="bottom">
        <Button ui={ui} look="primary" big busy={window.busy} test="redeem-max" press={{ type: 'redeemPressed', minor: most }}>{ui.t('redeem', { amount: ui.points(most) })}</Button>
        <div class="pair">
          <Button ui={ui} disabled={window.busy} test="redeem-other" press={{ type: 'otherAmountPressed' }}>{ui.t('other_amount')}</Button>
          <Button ui={ui} test="redeem-none" press={{ type: 'redeemNonePressed' }}>
            {ui.t('dont_redeem')}
            {earn_without_redeem_minor > 0 && <small class="gain">+{ui.points(earn_without_redeem_minor)}</small>}
          </Button>
        </div>
      </div>
    </>
  );
}

/** The receipt in four lines. */
function Figures({ ui, quote, redeem }: { ui: Ui; quote: Quote; redeem: number }) {
  const due = redeem > 0 ? quote.due_minor : quote.total_minor;
  const earn = redeem > 0 ? quote.earn_minor : quote.earn_without_redeem_minor;
  return (
    <section class="card">
      <Row label={ui.t('total')} test="redeem-total">{ui.money(quote.total_minor)}</Row>
      {redeem > 0 && <Row label={ui.t('redeem_row')} test="redeem-sum">−{ui.points(redeem)}</Row>}
      <Row label={ui.t('due')} strong test="redeem-due">{ui.money(due)}</Row>
      <Row label={ui.t('earn_row')} test="redeem-earn"><span class="gain">+{ui.points(earn)}</span></Row>
    </section>
  );
}

function PreCheck({ ui, window }: Props) {
  return (
    <label class="warning" data-test="pre-check-warning">
      {ui.t('pre_check')}
      <span class="warning-choice">
        <input type="checkbox" checked={window.reprint} onChange={() => ui.dispatch({ type: 'reprintToggled' })} data-test="redeem-reprint" />
        {ui.t('print_again')}
      </span>
    </label>
  );
}

/** Something to see while the numbers come; the sale can go on without them. */
function Skeleton({ ui, window }: Props) {
  return (
    <>
      <section class="card skeleton"><span /><span /><span /><span /></section>
      <Notice ui={ui} problem={window.problem}>{ui.t('wait')}</Notice>
      <div class="bottom">
        <Button ui={ui} test="redeem-none" press={{ type: 'redeemNonePressed' }}>{ui.t('dont_redeem')}</Button>
      </div>
    </>
  );
}
