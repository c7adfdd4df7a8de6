/** Stripe's words for the brands, as people know them. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "eftpos",
  jcb: "JCB",
  link: "Link",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** A card's brand as its owner knows it; a plain word for one that has none. */
export const brandName = (brand: string, card: string): string => BRANDS[brand] ?? card;
