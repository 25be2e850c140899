/**
 * What the terminal API answers and takes (docs/terminal-api.md). Names are the wire's own, snake_case.
 * Money is an integer in minor units (`*_minor`), quantities are decimal strings.
 */

export interface Hello {
  terminal: { id: string; name: string };
  business: { name: string };
  point_of_sale: { id: string; name: string };
  currency: { code: string; digits: number; symbol: string };
  phone: { country: string; calling_code: string };
  settings: {
    ask_at_pay: boolean;
    profile_display: 'never' | 'new' | 'always';
    always_show_benefits: boolean;
    create_poster_customers: boolean;
    post_from_register: boolean;
  };
  program: { title: string; version: number; earn_percent: string; redeem_percent: string } | null;
  poster: { client_group_id: number | null; application_name: string } | null;
  server_time: string;
}

export interface Customer {
  id: string;
  name: string;
  status: 'full' | 'limited' | 'none';
  phone: string;
  email: string;
  card_number: string;
  birthday: string | null;
  gender: 'female' | 'male' | null;
  category: string;
  bonus: {
    balance_minor: number;
    available_minor: number;
    expiring: { amount_minor: number; expires_on: string }[];
  };
  poster_client_id: number | null;
  is_new: boolean;
}

export interface Identification {
  id: string;
  kind: string;
  strength: 'strong' | 'weak';
}

export interface Identified {
  customer: Customer;
  identification: Identification;
}

export interface PosterClient {
  id: number;
  name: string;
  phone: string;
  email: string;
  card_number: string;
}

export interface CheckLine {
  line_id: string;
  product_id: string;
  modification_id: string;
  quantity: string;
  amount_minor: number;
  discountable: boolean;
  promotion: boolean;
}

export interface Check {
  external_id: string;
  transaction_id: string;
  currency: string;
  lines: CheckLine[];
  total_minor: number;
  service_minor: number;
  pre_check_printed: boolean;
}

export interface Quote {
  program_version: number;
  total_minor: number;
  redeem_max_minor: number;
  redeem_minor: number;
  due_minor: number;
  earn_minor: number;
  earn_without_redeem_minor: number;
  redeem_blocked: { code: string; detail: string } | null;
  confirmation: { required: boolean; channel: string | null; masked: string };
  check_hash: string;
  print_text: string;
}

export interface Reservation {
  check_id: string;
  redeem_minor: number;
  due_minor: number;
  earn_minor: number;
  program_version: number;
  hold_expires_at: string;
  print_text: string;
}

export interface Confirmation {
  channel: string;
  masked: string;
  expires_at: string;
  resend_after_s: number;
}

export interface Salesperson {
  external_id: string;
  name: string;
}

export interface Payment {
  cash_minor: number;
  card_minor: number;
  other_minor: number;
  poster_bonus_minor: number;
}

export interface FinalizeBody {
  check_id: string | null;
  customer_id: string;
  identification_id: string;
  check: Check;
  redeemed_minor: number;
  payment: Payment;
  closed_without_payment: boolean;
  closed_at: string;
  salesperson: Salesperson | null;
}

export interface Finalized {
  check_id: string;
  status: 'finalized' | 'released';
  redeemed_minor: number;
  earned_minor: number;
  unbacked_minor: number;
  balance_minor: number;
  print_text: string;
}
