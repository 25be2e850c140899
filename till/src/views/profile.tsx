import { Fragment, h } from 'preact';
import type { Customer, Quote } from '../api/contract';
import { currentQuote } from '../state/quoting';
import type { ProfileWindow, Redemption } from '../state/state';
import { Button, Person, Row } from './parts';
import type { Ui } from './ui';

/** Who the guest is and what he has. */
export function Profile({ ui, window }: { ui: Ui; window: ProfileWindow }) {
  const order = ui.state.orders[window.orderId];
  if (!order || !order.guest) return null;
  const { customer, name } = order.guest;
  const waits = ui.state.pay && ui.state.pay.token !== null;
  return (
    <div class="view" data-test="profile">
      <Person name={name || ui.t('guest')}>{customer && <Chips ui={ui} customer={customer} />}</Person>
      {customer && <Belongings ui={ui} customer={customer} />}
      <OnThisOrder ui={ui} redemption={order.redemption} quote={currentQuote(order)} />
      <div class="bottom">
        <Button ui={ui} look="primary" big test="profile-close" press={{ type: 'closePressed' }}>{ui.t(waits ? 'go_on' : 'close')}</Button>
        <Button ui={ui} look="danger" test="profile-remove" press={{ type: 'removeGuestPressed' }}>{ui.t('remove_guest')}</Button>
      </div>
    </div>
  );
}

function Chips({ ui, customer: { category, is_new, status } }: { ui: Ui; customer: Customer }) {
  return (
    <div>
      {category && <span class="chip">{category}</span>}
      {is_new && <span class="chip">{ui.t('new_badge')}</span>}
      {status !== 'full' && <span class="chip chip-warning">{ui.t(`status_${status}`)}</span>}
    </div>
  );
}

function Belongings({ ui, customer }: { ui: Ui; customer: Customer }) {
  const { balance_minor, available_minor, expiring } = customer.bonus;
  const facts = [['phone', customer.phone], ['email', customer.email], ['card', customer.card_number], ['birthday', customer.birthday && ui.day(customer.birthday)]] as const;
  const known = facts.filter(([, fact]) => fact);
  return (
    <>
      <section class="card">
        <Row label={ui.t('bonuses')} strong test="profile-balance">{ui.points(balance_minor)}</Row>
        {available_minor !== balance_minor && <p class="muted">{ui.t('available', { amount: ui.points(available_minor) })}</p>}
        {expiring.slice(0, 3).map((lot) => (
          <p class="expiring">{ui.t('expires', { amount: ui.points(lot.amount_minor), date: ui.day(lot.expires_on) })}</p>
        ))}
      </section>
      {known.length > 0 && <section class="card">{known.map(([label, fact]) => <Row label={ui.t(label)}>{fact}</Row>)}</section>}
    </>
  );
}

function OnThisOrder({ ui, redemption, quote }: { ui: Ui; redemption: Redemption | null; quote: Quote | null }) {
  if (redemption) {
    return (
      <section class="card card-accent" data-test="profile-redeemed">
        <p>{ui.t('redeemed_now', { amount: ui.points(redemption.minor) })}</p>
        <Button ui={ui} test="cancel-redemption" press={{ type: 'cancelRedemptionPressed' }}>{ui.t('cancel_redemption')}</Button>
      </section>
    );
  }
  if (!quote || !quote.earn_without_redeem_minor) return null;
  return <p class="collects" data-test="profile-collects">{ui.t('collects', { amount: ui.points(quote.earn_without_redeem_minor) })}</p>;
}
