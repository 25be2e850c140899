"""The life of checks and bonus points, as a café owner would tell it: no rows, keys or locks; time passes exactly."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from .orders import Order, Program, Receipt

Lot = tuple[datetime, Order]  # until when its points are good, and the order that earned them
FOREVER: Lot = datetime.max.replace(tzinfo=UTC), Order("", 0)


class Refused(Exception):
    """With the code that the till is told. Nothing has changed."""


def spread(total: int, weights: tuple[int, ...]) -> list[int]:
    """As much of it as they can bear, by largest remainder; of equal ones the heavier comes first, then the earlier."""
    total, whole = max(0, min(total, sum(weights))), sum(weights) or 1
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), -weights[n]))
    one_more = order[: sum(total * weight % whole for weight in weights) // whole]
    return [total * weight // whole + (n in one_more) for n, weight in enumerate(weights)]


@dataclass
class Check:
    """What became of a receipt: reserved, cancelled, finalized, or released, which is closed without payment."""

    receipt: Receipt
    status: str
    program: Program
    until: datetime  # so long it holds points
    taken: Counter[Lot] = field(default_factory=Counter)  # what paid for it
    back: Counter[int] = field(default_factory=Counter)  # how much of each line was returned
    answer: tuple = ()  # what the till was told when it was closed
    refund: tuple = ()  # and after the latest return

    def credits(self) -> Counter[int | None]:
        """By the days that they are good for: percents of the goods that money pays, rounded down."""
        money = sum(line.amount for line in self.receipt.basket.lines) - self.receipt.redeemed
        return Counter({days: max(0, money) * percent // 100 for percent, days in self.program.earn})

    def undone(self, back: Counter[int], bought: Counter[int]) -> tuple[int, int, int]:
        """(redeemed, unbacked, earned) on what is returned, rounded down for each line; exactly all on the whole."""
        _status, redeemed, earned, unbacked, _balance = self.answer
        if back == bought:
            return redeemed, unbacked, earned
        goods, excluded = zip(*((line.amount, line.excluded) for line in self.receipt.basket.lines), strict=True)
        took = spread(redeemed, goods), spread(redeemed - sum(goods), excluded)
        gave = [spread(amount, goods) for amount in self.credits().values()]
        redeemed_back = sum(sum(on[n] for on in took) * back[n] // bought[n] for n in bought)
        earned_back = sum(sum(on[n] for on in gave) * back[n] // bought[n] for n in bought)
        return redeemed_back, unbacked * redeemed_back // (redeemed or 1), earned_back


@dataclass
class Account:
    """A guest's points in one currency, lot by lot; with a debt the lot FOREVER is below zero."""

    lots: Counter[Lot] = field(default_factory=lambda: Counter({FOREVER: 0}))
    expired: Counter[Lot] = field(default_factory=Counter)
    holds: dict[Order, Check] = field(default_factory=dict)

    @property
    def balance(self) -> int:
        return self.lots.total()

    def available(self, order: Order | None = None) -> int:
        """The balance, less what is held for other orders than this one."""
        return self.balance - sum(check.receipt.redeemed for of, check in self.holds.items() if of != order)

    def take(self, amount: int, first_of: Order | None = None) -> Counter[Lot]:
        """The soonest-expiring points first, those for ever last. Says what came from which lot, in this order."""
        taken: Counter[Lot] = Counter()
        for lot in sorted(self.lots, key=lambda lot: (lot[1] != first_of, lot[0])):
            taken[lot] = min(amount - taken.total(), amount if lot == FOREVER else self.lots[lot])
        self.lots.subtract(taken)
        return taken

    def credit(self, amount: int, lot: Lot) -> None:
        """A debt is repaid first; only the rest can expire."""
        repaid = min(amount, max(0, -self.lots[FOREVER]))
        self.lots[FOREVER] += repaid
        self.lots[lot] += amount - repaid

    def put_back(self, amount: int, taken: Counter[Lot]) -> None:
        """Undo what was taken last. Points keep their dates; those of them that expire soonest repay a debt."""
        rest = taken.total() - amount
        for lot, part in taken.items():
            taken[lot] = min(part, rest)
            rest -= taken[lot]
            self.credit(part - taken[lot], lot)


@dataclass
class Loyalty:
    """One business, each till with a currency of its own. `sums`: what the business itself gave and took."""

    zone: tzinfo
    program: Program
    accounts: dict[tuple[int, str], Account] = field(default_factory=lambda: defaultdict(Account))
    checks: dict[Order, Check] = field(default_factory=dict)
    sums: Counter[str] = field(default_factory=Counter)

    def account(self, guest: int, till: str, now: datetime) -> Account:
        """As it is at that instant: points have expired, but not those promised to a cashier while they were good."""
        account, mine = self.accounts[guest, till], (guest, till)
        account.holds = {o: c for o, c in self.checks.items() if (c.receipt.guest, o.till) == mine and now < c.until}
        overdue = sum(left for (until, _order), left in account.lots.items() if until <= now)
        account.expired.update(account.take(max(0, overdue - account.balance + account.available())))
        return account

    def quote(self, receipt: Receipt, now: datetime) -> int:
        """The most that may be redeemed. What is held for the order itself is free for it."""
        limit = sum(line.amount for line in receipt.basket.lines) * self.program.redeem // 100
        return max(0, min(limit, self.account(receipt.guest, receipt.order.till, now).available(receipt.order)))

    def reserve(self, receipt: Receipt, now: datetime) -> tuple:
        """(due, earned, balance before it), for half an hour. A later reservation of the order replaces this one."""
        if receipt.order in self.checks and self.checks[receipt.order].answer:
            raise Refused("check-finalized")
        if receipt.redeemed > self.quote(receipt, now):
            raise Refused("redeem-above-limit")
        balance = self.account(receipt.guest, receipt.order.till, now).balance
        self.checks[receipt.order] = check = Check(receipt, "reserved", self.program, now + timedelta(minutes=30))
        return receipt.basket.total - receipt.redeemed, check.credits().total(), balance

    def cancel(self, order: Order, now: datetime) -> None:
        """What is held for it is free again."""
        check = self.checks.get(order)
        if check and check.answer:
            raise Refused("check-finalized")
        if check:
            check.status, check.until = "cancelled", now

    def finalize(self, receipt: Receipt, now: datetime, closed_at: datetime, paid: bool = True) -> tuple:
        """(status, redeemed, earned, unbacked, balance). The till's truth: what it took off is posted, once."""
        order, known, status = receipt.order, self.checks.get(receipt.order), "finalized" if paid else "released"
        if known and known.answer and (known.status == "finalized" or not paid):
            if (known.receipt, known.status) != (receipt, status):
                raise Refused("check-mismatch")
            return known.answer
        promised = known and (known.receipt, known.status) == (receipt, "reserved")
        account, redeemed = self.account(receipt.guest, order.till, now), receipt.redeemed if paid else 0
        held = account.available(order) - account.available()
        captured = min(redeemed, receipt.basket.total, max(held, account.available(order), 0))
        check = Check(receipt, status, known.program if promised else self.program, now, account.take(captured))
        self.checks[order], credits = check, check.credits() if paid else Counter()
        for days, amount in credits.items():
            account.credit(amount, FOREVER if days is None else self.lot(order, days, closed_at, now))
        self.sums.update(issued=-credits.total(), redeemed=redeemed, unbacked=captured - redeemed)
        balance = self.account(receipt.guest, order.till, now).balance
        check.answer = status, redeemed, credits.total(), redeemed - captured, balance
        return check.answer

    def lot(self, order: Order, days: int, closed_at: datetime, now: datetime) -> Lot:
        """Good to the end of its last day, where the café is. A till's clock counts if it is of the last week."""
        counted = closed_at if now - timedelta(days=7) <= closed_at <= now + timedelta(minutes=10) else now
        day_after = counted.astimezone(self.zone).date() + timedelta(days=days + 1)
        return datetime.combine(day_after, time(), self.zone).astimezone(UTC), order

    def refund(self, order: Order, told: dict[int, int] | None, now: datetime, accomplished: bool = False) -> tuple:
        """(status, returned, taken back, absorbed, expired, balance) in all. `told`: what is back now (None: all)."""
        check = self.checks.get(order)
        if not check or not check.answer:
            raise Refused("check-not-final" if check else "check-unknown")
        account = self.account(check.receipt.guest, order.till, now)
        bought = Counter({n: line.quantity for n, line in enumerate(check.receipt.basket.lines)})
        back = check.back | (bought if told is None else Counter(told))
        status = "refunded" if back == bought or check.status == "released" else "partly_refunded"
        if back == check.back or check.status == "released":
            return check.refund or (status, 0, 0, 0, 0, account.balance)
        if back - bought:
            raise Refused("returned-above-bought" if min(back - bought) in bought else "line-unknown")
        redeemed, unbacked, earned = check.undone(back, bought)
        redeemed_before, unbacked_before, _earned = check.undone(check.back, bought)
        _status, returned, taken, absorbed, expired, _balance = check.refund or ("", 0, 0, 0, 0, 0)
        give, owed = redeemed - unbacked - returned, earned - taken - absorbed - expired
        gone = min(owed, sum(points for (_until, of), points in account.expired.items() if of == order) - expired)
        take = min(owed - gone, max(0, account.available() + give + self.program.debt))
        short = owed - gone - take  # who bears it, the program in force says
        if short and self.program.below_zero == "block" and not accomplished:
            raise Refused("refund-blocked")
        account.put_back(give, check.taken)
        account.take(take, first_of=order)
        self.sums.update(issued=take, redeemed=redeemed_before - redeemed, unbacked=unbacked - unbacked_before)
        totals = returned + give, taken + take, absorbed + short, expired + gone
        check.back, check.refund = back, (status, *totals, self.account(check.receipt.guest, order.till, now).balance)
        return check.refund

    def correct(self, guest: int, till: str, amount: int, now: datetime) -> int:
        """The owner gives for ever, or takes of what is free; the balance after it."""
        account = self.account(guest, till, now)
        if -amount > max(0, account.available()):
            raise Refused("correction-above-available")
        account.credit(max(0, amount), FOREVER)
        account.take(max(0, -amount))
        self.sums.update(correction=-amount)
        return account.balance
