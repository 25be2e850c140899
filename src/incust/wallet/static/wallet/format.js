// Amounts and times as the guest's language writes them.

export function formatsFor(language, { currency, business }) {
  const digits = { minimumFractionDigits: currency.digits, maximumFractionDigits: currency.digits };
  const points = new Intl.NumberFormat(language, digits);
  const money = new Intl.NumberFormat(language, { style: "currency", currency: currency.code, currencyDisplay: "narrowSymbol", ...digits });
  const unit = 10 ** currency.digits;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: business.time_zone };
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });
  const moment = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...clock });
  const time = new Intl.DateTimeFormat(language, clock);
  return {
    points: (minor) => points.format(minor / unit),
    money: (minor) => money.format(minor / unit),
    day: (isoDay) => day.format(new Date(`${isoDay}T12:00:00`)),
    moment: (iso) => moment.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
  };
}

/** Fill the {places} of a sentence. */
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
