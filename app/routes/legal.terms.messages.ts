import type { LegalTexts } from "../components/legal-page.tsx";
import { translated } from "../language/translated.ts";

export const messages = translated<LegalTexts>({
  en: {
    title: "Terms",
    placeholder:
      "Placeholder. These sentences say how the product works; they are not yet the terms of a company, and no lawyer has read them.",
    sections: [
      {
        title: "What you buy",
        text: "Single executions of published programs, each at the price shown for its version. A cast that does not complete is free, unless it used up the computation that your own cap bought.",
      },
      {
        title: "What you can spend",
        text: "Never more than the limit in force. The most a cast can cost is set aside before it runs, and what does not fit does not run.",
      },
      {
        title: "What you may run",
        text: "Programs that others published, for purposes that are lawful where you are. Programs run walled in; do not try to break out.",
      },
    ],
  },
  ja: {
    title: "利用規約",
    placeholder:
      "仮の文面です。製品の仕組みを説明したものであり、会社の正式な規約ではなく、弁護士の確認も受けていません。",
    sections: [
      {
        title: "購入するもの",
        text: "公開されたプログラムの 1 回ごとの実行です。料金はバージョンごとに表示されます。完了しなかったキャストは、ご自身が指定した上限分の計算を使い切った場合を除き、無料です。",
      },
      {
        title: "支払いの上限",
        text: "有効な上限を超えることはありません。キャストの最大料金は実行前に確保され、収まらないものは実行されません。",
      },
      {
        title: "実行できるもの",
        text: "他の人が公開したプログラムを、お住まいの地域の法令に沿った目的で実行できます。プログラムは隔離された環境で動きます。隔離を破ろうとしないでください。",
      },
    ],
  },
});
