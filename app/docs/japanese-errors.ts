import type { Description } from "../../server/trpc/portal-context.ts";

export interface ErrorText {
  readonly title: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** What the catalogue says of each error, in Japanese. A new error does not compile until it is here. */
export const japaneseErrors: Readonly<Record<Description["error"], ErrorText>> = {
  invalid_request: {
    title: "リクエストが正しくありません",
    explanation: "本文またはパラメーターの形式が正しくありません。`fields` に該当箇所と内容が入ります。",
    remedy: "該当する項目を修正して再送してください。",
  },
  malformed_body: {
    title: "本文が正しくありません",
    explanation: "本文が正しい JSON ではありません。",
    remedy: "UTF-8 の JSON を 1 つ送ってください。",
  },
  payload_too_large: {
    title: "データが大きすぎます",
    explanation: "本文、または空白を除いた JSON としてのペイロードが上限を超えています。",
    remedy: "小さくして送ってください。運営者が変更していない場合、上限は 1 MiB です。",
  },
  unsupported_media_type: {
    title: "対応していない形式です",
    explanation: "このアドレスでは読み取れない形式の本文が送られました。",
    remedy: "ヘッダー `Content-Type: application/json` を付けて JSON を送ってください。",
  },
  unauthenticated: {
    title: "認証されていません",
    explanation: "リクエストに API キーもセッションもないか、入力の誤り、期限切れ、失効のいずれかです。",
    remedy: "有効なキーを `Authorization: Bearer sk_...` として送ってください。",
  },
  forbidden_origin: {
    title: "許可されていない送信元です",
    explanation: "セッションの Cookie を使う変更が、別のサイトのページから送られました。",
    remedy: "当サイトのページから操作するか、API キーを Bearer トークンとして送ってください。",
  },
  session_required: {
    title: "本人のサインインが必要です",
    explanation: "セッションとプロフィールを管理できるのは、サインインした本人だけです。",
    remedy: "サインインしてください。",
  },
  insufficient_scope: {
    title: "スコープが足りません",
    explanation: "キーは有効ですが、この操作に必要なスコープがありません。",
    remedy: "必要なスコープを持つキーを使うか、作成してください。",
  },
  grant_exceeded: {
    title: "キー自身の権限を超えています",
    explanation:
      "キーは、自身より遅い有効期限をほかのキーに与えられません。また、ほかのキーの使用額を増やせるのは、上限のないキーだけです。`field` に該当する項目が入ります。",
    remedy: "要求を減らすか、サインインして行うか、有効期限も上限もないキーを使ってください。",
  },
  route_not_found: {
    title: "見つかりません",
    explanation: "このアドレスには何もありません。",
    remedy: "利用できるアドレスは API リファレンスをご覧ください。",
  },
  method_not_allowed: {
    title: "許可されていないメソッドです",
    explanation: "このアドレスは存在しますが、このメソッドは受け付けません。",
    remedy: "ヘッダー `Allow` にあるメソッドを使ってください。",
  },
  spell_not_found: {
    title: "スペルが見つかりません",
    explanation: "その名前またはキーの有効なスペルがないか、その番号の有効なバージョンがありません。",
    remedy: "グリモワールで名前を確認してください：`GET /v1/spells`。",
  },
  cast_not_found: {
    title: "キャストが見つかりません",
    explanation: "この ID のキャストはアカウントにありません。",
    remedy: "キャストの一覧を確認してください：`GET /v1/casts`。",
  },
  key_not_found: {
    title: "キーが見つかりません",
    explanation: "このプレフィックスの有効なキーはアカウントにありません。",
    remedy: "キーの一覧を確認してください：`GET /v1/keys`。",
  },
  session_not_found: {
    title: "セッションが見つかりません",
    explanation: "この ID のセッションはありません。すでに終了した可能性があります。",
    remedy: "設定ページでセッションを確認してください。",
  },
  person_not_found: {
    title: "個人のアカウントではありません",
    explanation: "このアカウントは個人のものではなく、プラットフォーム自身のものです。",
    remedy: "個人としてサインインしてください。",
  },
  key_already_made: {
    title: "キーは作成済みです",
    explanation: "このフォームではすでにキーを作成しました。キーの文字列は一度しか表示されません。",
    remedy: "別のキーを作るにはフォームを開き直してください。文字列が手元にないキーは失効させてください。",
  },
  budget_not_found: {
    title: "予算がありません",
    explanation: "アカウントにカードも予算もありません。毎月の無料枠だけが適用されます。",
    remedy: "`POST /v1/budgets` で設定してください。",
  },
  cast_not_queued: {
    title: "キャストは待機中ではありません",
    explanation: "キャストを取り消せるのは待機中だけです。このキャストはすでに実行中か、終了しています。",
    remedy: "状態を確認してください：`GET /v1/casts/{id}`。",
  },
  account_closing: {
    title: "カードを削除しています",
    explanation:
      "アカウントのカードを削除しています。先に未払い分の請求書が作成され、その間、料金のかかるキャストは開始できません。",
    remedy:
      "少し待ってから同じリクエストを再送してください。カードがない場合は、毎月の無料枠が適用されます。",
  },
  cast_in_progress: {
    title: "キャストは実行中です",
    explanation: "同じ `Idempotency-Key` を付けた先のリクエストがまだ実行中です。料金は一度だけ発生します。",
    remedy: "少し待ってから同じリクエストを再送してください。先のリクエストと同じ応答が返ります。",
  },
  idempotency_mismatch: {
    title: "Idempotency-Key が再利用されました",
    explanation: "この `Idempotency-Key` は、別のパスまたは本文で使用済みです。",
    remedy: "新しいリクエストには新しいキーを使い、同じキーは同じリクエストの再送にだけ使ってください。",
  },
  rate_limited: {
    title: "リクエストが多すぎます",
    explanation:
      "アカウント、または有効な認証情報のないリクエストのアドレスからのリクエストが、1 分間の上限を超えました。",
    remedy: "`Retry-After` が示す時間だけお待ちください。",
  },
  free_fuel_exhausted: {
    title: "無料フューエルを使い切りました",
    explanation:
      "無料のキャストと完了しなかったキャストには、アカウントと日（UTC）ごとにフューエルの上限があります。",
    remedy: "`Retry-After` が示す時間、UTC の午前 0 時までお待ちください。",
  },
  budget_exceeded: {
    title: "予算を超えます",
    explanation: "使用額、実行中のキャストのための確保額、このキャストの合計が、アカウントの上限を超えます。",
    remedy: "上限を上げるか、次の期間、または実行中のキャストの終了をお待ちください。",
  },
  key_limit_exceeded: {
    title: "キーの上限を超えます",
    explanation: "このキャストは、使われたキーの月の上限を超えます。",
    remedy: "キーの上限を上げるか、別のキーを使ってください。",
  },
  max_cost_exceeded: {
    title: "指定した最大額を超えます",
    explanation: "キャストの料金が、指定された `max_cost_cents` を超えています。",
    remedy: "`max_cost_cents` を上げるか、指定せずに送ってください。",
  },
  payment_method_required: {
    title: "カードの登録が必要です",
    explanation: "カード未登録のアカウントが使えるのは毎月少額の枠までで、このキャストはそれを超えます。",
    remedy: "カードを登録してください。",
  },
  price_changed: {
    title: "料金が変わりました",
    explanation:
      "スペルの最新バージョンの料金が、このアカウントが最後に完了したキャストのバージョンより高くなっています。",
    remedy: "`max_cost_cents` で料金に同意するか、これまでのバージョンを指定してください。",
  },
  spell_failed: {
    title: "スペルが失敗しました",
    explanation:
      "プログラムが有効な結果を返さずに終了しました。`error_code` に失敗の種類が入ります。指定した `max_cost_cents` 分のフューエルを使い切った場合を除き、料金はかかりません。",
    remedy:
      "ペイロードがスペルの入力スキーマに合っているか、ログとあわせて確認してください。問題がなければ作者にお知らせください。",
  },
  wall_time_exceeded: {
    title: "実行時間の上限を超えました",
    explanation: "プログラムは実行時間の上限で停止されました。料金はかかりません。",
    remedy: "ペイロードを小さくするか、もう一度お試しください。",
  },
  cast_interrupted: {
    title: "キャストが中断されました",
    explanation: "精算の前にプラットフォームがキャストを失いました。料金はかからず、結果もありません。",
    remedy: "もう一度キャストしてください。",
  },
  busy: {
    title: "混み合っています",
    explanation:
      "すべてのスレッドが使用中で待機列も満杯か、このプロセスが終了するところです。料金は発生していません。",
    remedy: "`Retry-After` が示す時間の後にもう一度お試しください。",
  },
  invalid_signature: {
    title: "署名が正しくありません",
    explanation:
      "Stripe は、Stripe と当サービスだけが知る秘密鍵で各メッセージに署名します。このメッセージは別の鍵で署名されたか、署名から時間が経ちすぎているか、署名がありません。",
    remedy:
      "Stripe から送信してください。Stripe から届いたものなら、エンドポイントのシークレットと `STRIPE_WEBHOOK_SECRET` を照合してください。",
  },
  payment_method_not_found: {
    title: "カードがありません",
    explanation: "アカウントにカードが登録されていません。",
    remedy: "`POST /v1/billing/setup-intent` または `POST /v1/billing/checkout` で登録を始めてください。",
  },
  setup_not_found: {
    title: "カードの登録手続きが見つかりません",
    explanation: "この ID の登録手続きはお使いのアカウントにないか、登録されたカードがその後削除されました。",
    remedy:
      "`POST /v1/billing/setup-intent` または `POST /v1/billing/checkout` で新しい手続きを始めてください。",
  },
  setup_incomplete: {
    title: "カードの登録が終わっていません",
    explanation:
      "Stripe でのカードの登録が終わっていません。銀行での本人確認などの手順が残っているか、途中で取りやめられました。`setup_status` は Stripe での状態です。",
    remedy: "手続きを終えてからリクエストを再送するか、新しい手続きを始めてください。",
  },
  card_declined: {
    title: "カードが拒否されました",
    explanation: "カードの発行元が拒否しました。`decline_code` は、発行元が開示できる範囲の理由です。",
    remedy: "別のカードを使うか、カードの発行元にお問い合わせください。",
  },
  stripe_unavailable: {
    title: "Stripe を利用できません",
    explanation: "カードの保管と代金の回収を担う Stripe に接続できないか、混み合っています。",
    remedy: "`Retry-After` が示す時間の後にもう一度お試しください。",
  },
  billing_unavailable: {
    title: "お支払い機能がありません",
    explanation:
      "このサーバーには Stripe のアカウントが設定されていません。カードは登録できず、どのアカウントも無料枠の範囲で利用できます。",
    remedy: "運営者にお問い合わせください。`STRIPE_` で始まる設定は運営者が行います。",
  },
  database_unavailable: {
    title: "データベースに接続できません",
    explanation: "受付と課金に欠かせないデータベースに接続できません。",
    remedy: "`Retry-After` が示す時間の後にもう一度お試しください。",
  },
  internal: {
    title: "サーバー内部のエラー",
    explanation: "起こるはずのない失敗が起きました。リクエスト ID とともに記録されています。",
    remedy: "もう一度お試しください。続く場合はリクエスト ID をお知らせください。",
  },
};
