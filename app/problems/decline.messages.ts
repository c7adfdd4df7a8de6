import type { DeclineCode } from "../../server/trpc/portal-context.ts";
import { translated, type Language } from "../language/translated.ts";

const en: Readonly<Record<DeclineCode, string>> = {
  generic_decline: "Your card was declined. Try another card, or ask your bank.",
  authentication_required: "Your bank could not confirm that it is you. Try again, or use another card.",
  call_issuer: "Your card was declined. Ask your bank why, or use another card.",
  card_not_supported: "Your card does not allow this kind of payment. Use another card.",
  card_velocity_exceeded:
    "Your card has reached a limit that your bank set. Use another card, or ask your bank.",
  currency_not_supported: "Your card cannot pay in US dollars. Use another card.",
  do_not_honor: "Your card was declined. Ask your bank why, or use another card.",
  expired_card: "Your card has expired. Use another card.",
  incorrect_cvc: "The security code does not belong to this card. Look at it again.",
  incorrect_number: "The card number is not right. Look at it again.",
  incorrect_zip: "The postal code does not belong to this card. Look at it again.",
  insufficient_funds: "There is not enough money on this card. Use another card.",
  invalid_account: "The account of this card cannot be used. Use another card, or ask your bank.",
  processing_error: "Your card could not be checked at this moment. Try again in a few minutes.",
  transaction_not_allowed: "Your bank does not allow this payment. Use another card, or ask your bank.",
  try_again_later: "Your bank could not answer at this moment. Try again in a few minutes.",
};

const ja: Readonly<Record<DeclineCode, string>> = {
  generic_decline: "カードが拒否されました。別のカードを使うか、カード会社にお問い合わせください。",
  authentication_required:
    "カード会社で本人確認ができませんでした。もう一度試すか、別のカードをお使いください。",
  call_issuer: "カードが拒否されました。理由をカード会社にお問い合わせになるか、別のカードをお使いください。",
  card_not_supported: "このカードはこの種類の支払いに対応していません。別のカードをお使いください。",
  card_velocity_exceeded:
    "カード会社の利用限度に達しています。別のカードを使うか、カード会社にお問い合わせください。",
  currency_not_supported: "このカードは米ドルでの支払いに対応していません。別のカードをお使いください。",
  do_not_honor:
    "カードが拒否されました。理由をカード会社にお問い合わせになるか、別のカードをお使いください。",
  expired_card: "カードの有効期限が切れています。別のカードをお使いください。",
  incorrect_cvc: "セキュリティコードがカードと一致しません。もう一度ご確認ください。",
  incorrect_number: "カード番号が正しくありません。もう一度ご確認ください。",
  incorrect_zip: "郵便番号がカードと一致しません。もう一度ご確認ください。",
  insufficient_funds: "カードの残高または利用可能額が不足しています。別のカードをお使いください。",
  invalid_account: "このカードの口座は利用できません。別のカードを使うか、カード会社にお問い合わせください。",
  processing_error: "カードを確認できませんでした。数分後にもう一度お試しください。",
  transaction_not_allowed:
    "カード会社がこの支払いを許可していません。別のカードを使うか、カード会社にお問い合わせください。",
  try_again_later: "カード会社から応答がありませんでした。数分後にもう一度お試しください。",
};

const messages = translated({ en, ja });

/** Why a card was declined, by the first of the codes that we have words for; null where we have none. */
export function knownDeclineText(language: Language, codes: readonly (string | undefined)[]): string | null {
  const known: Readonly<Record<string, string>> = messages[language];
  const code = codes.find((each) => each !== undefined && Object.hasOwn(known, each)) ?? "";
  return known[code] ?? null;
}

/** Why a card was declined, in words for its owner; what we do not know is a plain refusal. */
export const declineText = (language: Language, code: unknown): string =>
  knownDeclineText(language, [String(code)]) ?? messages[language].generic_decline;
