/** What the emulator's pages and its script say, in the two languages of the portal. */

export type Language = "en" | "ja";

const EN = {
  emulator: "Stripe emulator: it runs on this machine alone, and no money moves.",
  error: "Error",
  number: "Card number",
  expiry: "Expiration date (MM / YY)",
  cvc: "Security code (CVC)",
  frame: "Secure card input",
  testCard: "A test card: 4242 4242 4242 4242, any future date, any three digits.",
  saveCard: "Save a card",
  save: "Save card",
  cancel: "Cancel",
  pay: "Pay",
  done: "Done",
  authenticate: "Your bank wants to see you",
  authenticateHint: "This is where a bank asks its customer for a password or a code. Choose how it ends.",
  complete: "Complete authentication",
  fail: "Fail authentication",
  authenticated: "The bank has its answer. This page can be closed.",
  gone: "Nobody waits for this any more",
  goneHint: "It was completed, it failed or it was canceled.",
  sessionOver: "This session is over",
  sessionExpired: "It has expired. Go back and start again.",
  sessionComplete: "The card is saved.",
  notFound: "Not found",
  notFoundHint: "There is nothing at this address.",
  invoice: "Invoice",
  creditNote: "Credit note",
  description: "Description",
  amount: "Amount",
  total: "Total",
  due: "Amount due",
  paid: "Paid",
  download: "Download as PDF",
  payInvoice: "Pay this invoice",
  billedTo: "Billed to",
  date: "Date",
  dueDate: "Due",
  status: "State",
  draft: "Draft",
  open: "Open",
  void: "Void",
  uncollectible: "Uncollectible",
} as const;

export type Wording = Readonly<Record<keyof typeof EN, string>>;

const JA: Wording = {
  emulator: "Stripeエミュレーター：このマシンだけで動作し、お金は動きません。",
  error: "エラー",
  number: "カード番号",
  expiry: "有効期限（月 / 年）",
  cvc: "セキュリティコード（CVC）",
  frame: "安全なカード入力欄",
  testCard: "テストカード：4242 4242 4242 4242、将来の有効期限、任意の3桁。",
  saveCard: "カードを登録",
  save: "カードを登録する",
  cancel: "キャンセル",
  pay: "支払う",
  done: "完了",
  authenticate: "銀行による本人確認",
  authenticateHint: "ここは銀行がパスワードやコードを求める画面です。結果を選んでください。",
  complete: "認証を完了する",
  fail: "認証を失敗させる",
  authenticated: "銀行に回答しました。このページは閉じてかまいません。",
  gone: "この手続きは終了しています",
  goneHint: "完了、失敗、またはキャンセルされました。",
  sessionOver: "このセッションは終了しました",
  sessionExpired: "有効期限が切れました。戻って最初からやり直してください。",
  sessionComplete: "カードを登録しました。",
  notFound: "見つかりません",
  notFoundHint: "このアドレスには何もありません。",
  invoice: "請求書",
  creditNote: "クレジットノート",
  description: "内容",
  amount: "金額",
  total: "合計",
  due: "お支払い額",
  paid: "支払い済み",
  download: "PDFをダウンロード",
  payInvoice: "この請求書を支払う",
  billedTo: "請求先",
  date: "発行日",
  dueDate: "支払い期限",
  status: "状態",
  draft: "下書き",
  open: "未払い",
  void: "無効",
  uncollectible: "回収不能",
};

const WORDINGS = { en: EN, ja: JA } as const;

export const wordingOf = (language: Language): Wording => WORDINGS[language];

/** The language that a locale of Stripe's means; `auto` is whatever the browser prefers. */
export function languageOf(locale: string | null | undefined, accepted: string | undefined): Language {
  const wanted = locale == null || locale === "auto" || locale === "" ? (accepted ?? "en") : locale;
  return /^ja\b/i.test(wanted.trim()) ? "ja" : "en";
}
