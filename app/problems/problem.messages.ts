import type { Description } from "../../server/trpc/portal-context.ts";
import { formatsOf } from "../language/formats.ts";
import { counted, translated, type Language } from "../language/translated.ts";
import { declineText } from "./decline.messages.ts";

type Text = string | ((facts: Description) => string);
type ErrorName = Description["error"];

const exactly = (language: Language, micros: unknown) => formatsOf(language).micros(Number(micros));
/** The same in every language of ours. */
const cents = (value: unknown) => formatsOf("en").cents(Number(value));
const seconds = counted("# second", "# seconds");

const en: Readonly<Record<ErrorName, Text>> = {
  invalid_request: "Something in the form is not right. Look at the marked fields.",
  malformed_body: "That is not valid JSON.",
  payload_too_large: "That is too large.",
  unsupported_media_type: "The form arrived in a way that we cannot read.",
  invalid_signature: "That message does not come from Stripe.",
  unauthenticated: "Your session has ended. Sign in again.",
  forbidden_origin: "This form was sent from another site. Send it from here.",
  insufficient_scope: "This needs a right that you do not have.",
  session_required: "Only a signed-in person can do this.",
  grant_exceeded: "A key cannot give more than it has.",
  route_not_found: "There is nothing at this address.",
  method_not_allowed: "This page does not take that.",
  spell_not_found: "There is no active spell of this name or version.",
  cast_not_found: "You have no such cast.",
  key_not_found: "You have no active key of this prefix. It may have been revoked in another window.",
  budget_not_found: "You have no limit of your own yet.",
  session_not_found: "That session has ended already.",
  person_not_found: "This account belongs to the platform itself.",
  payment_method_not_found: "You have no card on file.",
  setup_not_found: "That card set-up is not yours, or its card was removed since. Begin anew.",
  setup_incomplete: "Your card is not set up yet: a step is missing, such as your bank's. Begin anew.",
  key_already_made:
    "This form has made its key already, and a key's text is shown once. Open the form anew for another key.",
  cast_not_queued: "This cast runs already, or has ended.",
  account_closing: "Your card is being removed. You can cast again when that is done.",
  cast_in_progress: "This cast still runs. Look again in a moment.",
  idempotency_mismatch: "This form was sent before with another input. Open it anew.",
  rate_limited: ({ retry_after: wait }) =>
    `That was a lot in a short time. Try again in ${seconds(Number(wait), String(wait))}.`,
  free_fuel_exhausted: "Today's free computation is used up. It starts anew at midnight UTC.",
  budget_exceeded: ({ hard_limit_cents: limit, required_cents: required }) =>
    `This would pass your limit of ${cents(limit)}: the cast can cost ${cents(required)}. Raise the limit, or wait for the next period.`,
  key_limit_exceeded: ({ hard_limit_cents: limit }) => `This would pass the key's limit of ${cents(limit)}.`,
  max_cost_exceeded: "The spell costs more than the most you wanted to pay.",
  payment_method_required: ({ hard_limit_cents: limit }) =>
    `Without a card you can spend ${cents(limit)} a month, and this would pass it.`,
  card_declined: ({ decline_code: code }) => declineText("en", code),
  price_changed: ({ required_cents: required }) =>
    `The price of this spell has gone up: a cast can now cost ${cents(required)}. Name the most you want to pay to go on.`,
  spell_failed: ({ error_code: code, cost_micros: cost }) =>
    `The spell failed (${code}). ${cost === 0 ? "Nothing was charged." : `It had used up what you wanted to pay: ${exactly("en", cost)}.`}`,
  wall_time_exceeded: "The spell took too long and was stopped. Nothing was charged.",
  cast_interrupted: "The cast was interrupted. Nothing was charged; try again.",
  busy: "We are busy at this moment. Nothing was charged; try again in a few seconds.",
  database_unavailable:
    "We cannot reach our database at this moment. Nothing was charged; try again in a moment.",
  stripe_unavailable:
    "We cannot reach Stripe, which keeps the cards, at this moment. Nothing was changed; try again in a moment.",
  billing_unavailable: "Cards cannot be registered here yet.",
  internal: "Something went wrong here. It is logged on our side; try again in a moment.",
};

const ja: Readonly<Record<ErrorName, Text>> = {
  invalid_request: "入力内容に誤りがあります。印のついた項目をご確認ください。",
  malformed_body: "正しい JSON ではありません。",
  payload_too_large: "データが大きすぎます。",
  unsupported_media_type: "フォームの形式を読み取れませんでした。",
  invalid_signature: "このメッセージは Stripe からのものではありません。",
  unauthenticated: "セッションが終了しました。もう一度サインインしてください。",
  forbidden_origin: "このフォームは別のサイトから送信されました。このページから送信してください。",
  insufficient_scope: "この操作に必要な権限がありません。",
  session_required: "この操作はサインインした本人だけが行えます。",
  grant_exceeded: "キーは自身が持つ以上の権限を与えられません。",
  route_not_found: "このアドレスには何もありません。",
  method_not_allowed: "このページではその操作はできません。",
  spell_not_found: "その名前またはバージョンの有効なスペルはありません。",
  cast_not_found: "該当するキャストはありません。",
  key_not_found: "このプレフィックスの有効なキーはありません。別のウィンドウで失効された可能性があります。",
  budget_not_found: "まだ上限が設定されていません。",
  session_not_found: "そのセッションはすでに終了しています。",
  person_not_found: "このアカウントはプラットフォーム自身のものです。",
  payment_method_not_found: "登録されているカードはありません。",
  setup_not_found:
    "該当するカード登録の手続きがないか、そのカードはすでに削除されています。最初からやり直してください。",
  setup_incomplete:
    "カードの登録が完了していません。カード会社での認証などの手続きが残っています。最初からやり直してください。",
  key_already_made:
    "このフォームではすでにキーを作成しました。キーは一度しか表示されません。別のキーを作るにはフォームを開き直してください。",
  cast_not_queued: "このキャストはすでに実行中か、終了しています。",
  account_closing: "カードを削除しています。完了してから、もう一度キャストしてください。",
  cast_in_progress: "このキャストはまだ実行中です。少し待ってからご確認ください。",
  idempotency_mismatch: "このフォームは別の入力で送信済みです。開き直してください。",
  rate_limited: ({ retry_after: wait }) =>
    `短時間の操作が多すぎます。${String(wait)} 秒後にもう一度お試しください。`,
  free_fuel_exhausted: "本日の無料計算分を使い切りました。UTC の午前 0 時に更新されます。",
  budget_exceeded: ({ hard_limit_cents: limit, required_cents: required }) =>
    `上限 ${cents(limit)} を超えます。このキャストは最大 ${cents(required)} かかります。上限を上げるか、次の期間をお待ちください。`,
  key_limit_exceeded: ({ hard_limit_cents: limit }) => `キーの上限 ${cents(limit)} を超えます。`,
  max_cost_exceeded: "スペルの料金が、指定した最大額を超えています。",
  payment_method_required: ({ hard_limit_cents: limit }) =>
    `カード未登録の場合、月に ${cents(limit)} まで利用できます。このキャストはそれを超えます。`,
  card_declined: ({ decline_code: code }) => declineText("ja", code),
  price_changed: ({ required_cents: required }) =>
    `このスペルは値上げされました。1 回のキャストは最大 ${cents(required)} です。続けるには最大額を指定してください。`,
  spell_failed: ({ error_code: code, cost_micros: cost }) =>
    `スペルが失敗しました（${code}）。${cost === 0 ? "料金は発生していません。" : `指定した上限まで使い切ったため、${exactly("ja", cost)} が請求されます。`}`,
  wall_time_exceeded: "スペルの実行時間が長すぎたため停止しました。料金は発生していません。",
  cast_interrupted: "キャストが中断されました。料金は発生していません。もう一度お試しください。",
  busy: "現在混み合っています。料金は発生していません。数秒後にお試しください。",
  database_unavailable:
    "データベースに接続できません。料金は発生していません。しばらくしてからお試しください。",
  stripe_unavailable:
    "カードを管理する Stripe に接続できません。変更は行われていません。しばらくしてからお試しください。",
  billing_unavailable: "ここではまだカードを登録できません。",
  internal: "問題が発生しました。記録しましたので、しばらくしてからお試しください。",
};

/** Every error in words for people. A new one does not compile until both languages have it. */
export const messages = translated({ en, ja });
