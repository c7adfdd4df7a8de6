import { translated } from "../language/translated.ts";

/** What pages say about spells, wherever they show one. */
export const messages = translated({
  en: {
    free: "Free",
    flat: (each: string) => `${each} for each completed cast`,
    metered: (rate: string) => `${rate} for each million units of fuel`,
    flatAndMetered: (flat: string, rate: string) =>
      `${flat} a cast, and ${rate} for each million units of fuel`,
    version: (version: string) => `Version ${version}`,
    tags: "Tags",
    optional: " (optional)",
    choose: "Choose",
    notGiven: "Not given",
    yes: "Yes",
    no: "No",
    badJson: "This is not valid JSON.",
    anyJson: "Any JSON value.",
    payload: "Input as JSON",
    maxCost: "The most to pay, in US cents",
    maxCostNote:
      "A cast that would cost more is refused or, where it is metered, stopped at this amount and charged with it.",
    badMaxCost: "A whole number of cents, 0 or more.",
    cast: "Cast it",
    casting: "Casting…",
  },
  ja: {
    free: "無料",
    flat: (each: string) => `完了したキャスト 1 回につき ${each}`,
    metered: (rate: string) => `100 万フューエルにつき ${rate}`,
    flatAndMetered: (flat: string, rate: string) => `1 回 ${flat} と、100 万フューエルにつき ${rate}`,
    version: (version: string) => `バージョン ${version}`,
    tags: "タグ",
    optional: "（任意）",
    choose: "選択してください",
    notGiven: "指定なし",
    yes: "はい",
    no: "いいえ",
    badJson: "正しい JSON ではありません。",
    anyJson: "任意の JSON を入力できます。",
    payload: "入力（JSON）",
    maxCost: "支払いの上限（米セント）",
    maxCostNote:
      "これを超えるキャストは実行されません。従量制の場合はこの金額で停止し、その分が請求されます。",
    badMaxCost: "0 以上の整数（セント）で入力してください。",
    cast: "キャストする",
    casting: "キャスト中…",
  },
});
