/** What people are told of a card that does not do. The API says it in English; this is for pages. */
import type { Language } from "./wording.ts";

interface CardError {
  readonly code?: string | undefined;
  readonly decline_code?: string | undefined;
  readonly message?: string | undefined;
}

const JA: Readonly<Record<string, string>> = {
  incomplete_number: "カード番号に不備があります。",
  incomplete_expiry: "カードの有効期限に不備があります。",
  incomplete_cvc: "カードのセキュリティコードに不備があります。",
  invalid_number: "カード番号が無効です。",
  incorrect_number: "カード番号が正しくありません。",
  invalid_expiry_month: "カードの有効期限（月）が無効です。",
  invalid_expiry_year: "カードの有効期限（年）が無効です。",
  invalid_cvc: "カードのセキュリティコードが無効です。",
  incorrect_cvc: "カードのセキュリティコードが間違っています。",
  expired_card: "カードの有効期限が切れています。",
  insufficient_funds: "カードの残高が不足しています。",
  card_declined: "カードが拒否されました。",
  processing_error: "カードの処理中にエラーが発生しました。しばらくしてからもう一度お試しください。",
  setup_intent_authentication_failure:
    "お支払い方法を認証できませんでした。別のお支払い方法でもう一度お試しください。",
  payment_intent_authentication_failure:
    "お支払い方法を認証できませんでした。別のお支払い方法でもう一度お試しください。",
};

const EN: Readonly<Record<string, string>> = {
  incomplete_number: "Your card number is incomplete.",
  incomplete_expiry: "Your card's expiration date is incomplete.",
  incomplete_cvc: "Your card's security code is incomplete.",
};

/** The sentence for an error, in this language if it has one. */
export function describeProblem(error: CardError, language: Language): string {
  const sentences = language === "ja" ? JA : EN;
  const { code = "", decline_code = "", message } = error;
  return sentences[decline_code] ?? sentences[code] ?? message ?? code;
}
