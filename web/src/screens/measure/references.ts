// Things of known size that people have at hand: round coins, by their diameter.
//
// Euro: Council Regulation (EU) No 729/2014, annex I. Pound: The Royal Mint, specifications of circulating coins.
// US dollar: United States Mint, coin specifications. Swiss franc: Swissmint, circulation coins.
export interface Coin {
  id: string;
  // Written alike in every language.
  name: string;
  diameter_mm: number;
}

export const COINS: readonly Coin[] = [
  { id: "eur-0.01", name: "1 ct (€)", diameter_mm: 16.25 },
  { id: "eur-0.10", name: "10 ct (€)", diameter_mm: 19.75 },
  { id: "eur-1", name: "1 €", diameter_mm: 23.25 },
  { id: "eur-2", name: "2 €", diameter_mm: 25.75 },
  { id: "gbp-0.01", name: "1 p (£)", diameter_mm: 20.3 },
  { id: "gbp-0.05", name: "5 p (£)", diameter_mm: 18 },
  { id: "chf-0.10", name: "10 Rp. (CHF)", diameter_mm: 19.15 },
  { id: "chf-1", name: "1 CHF", diameter_mm: 23.2 },
  { id: "usd-0.01", name: "1 ¢ (US$)", diameter_mm: 19.05 },
  { id: "usd-0.10", name: "10 ¢ (US$)", diameter_mm: 17.91 },
  { id: "usd-0.25", name: "25 ¢ (US$)", diameter_mm: 24.26 },
];

export const RULER = "ruler";

export function coinNamed(id: string): Coin | undefined {
  return COINS.find((coin) => coin.id === id);
}
