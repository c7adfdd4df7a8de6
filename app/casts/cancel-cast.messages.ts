import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Cancel a cast",
    ask: "Cancel",
    askOf: (spell: string, time: string) => `Cancel the cast of ${spell} of ${time}`,
    heading: (spell: string) => `Cancel the cast of ${spell}?`,
    explain:
      "It has not started. Cancelled, it does not run and costs nothing; what is held for it is released.",
    button: "Cancel the cast",
    pending: "Cancelling…",
    keep: "Keep it queued",
    back: "Back to the cast",
    late: "This cast cannot be cancelled: it is running already, or has ended.",
  },
  ja: {
    title: "キャストの取り消し",
    ask: "取り消す",
    askOf: (spell: string, time: string) => `${spell} のキャスト（${time}）を取り消す`,
    heading: (spell: string) => `${spell} のキャストを取り消しますか？`,
    explain:
      "まだ開始されていません。取り消すと実行されず、料金はかかりません。このキャストのために確保した金額は解放されます。",
    button: "キャストを取り消す",
    pending: "取り消しています…",
    keep: "取り消さない",
    back: "このキャストへ",
    late: "このキャストはすでに実行中か終了しているため、取り消せません。",
  },
});
