import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Cast",
    heading: (spell: string) => `Cast: ${spell}`,
    back: "All casts",
    result: "Result",
    notKept:
      "No result is kept. Results of casts made here, queued, or sent with an Idempotency-Key are kept for 24 hours; those of other casts are given once, in the answer to the request.",
    failure: "How it failed",
    waiting: "This cast has not ended. Look again in a moment.",
    again: "Look again",
    done: {
      cancelled: "The cast is cancelled. It did not run and costs nothing.",
      late: "It was too late to cancel this cast: it was running already, or had ended.",
    },
    noLog: "The program wrote nothing to its log.",
  },
  ja: {
    title: "キャスト",
    heading: (spell: string) => `キャスト：${spell}`,
    back: "キャストの一覧",
    result: "結果",
    notKept:
      "結果は保存されていません。このサイトからのキャスト、待機列に入れたキャスト、Idempotency-Key を付けたキャストの結果は 24 時間保存されます。その他の結果は一度だけ返されます。",
    failure: "失敗の内容",
    waiting: "このキャストはまだ終了していません。しばらくしてからもう一度ご確認ください。",
    again: "もう一度確認する",
    done: {
      cancelled: "キャストを取り消しました。実行されておらず、料金はかかりません。",
      late: "このキャストはすでに実行中か終了していたため、取り消せませんでした。",
    },
    noLog: "プログラムはログに何も書きませんでした。",
  },
});
