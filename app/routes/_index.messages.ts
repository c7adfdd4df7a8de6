import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Computation sold by the call",
    description:
      "Run WebAssembly programs with one request and pay for exactly that call, under a budget that holds.",
    headline: "Computation, sold by the call.",
    lead: "A spell is a WebAssembly program somebody published. You cast it with one request and pay for exactly that cast. Your budget is checked before anything runs, and it holds: not one cent over.",
    promises: [
      {
        title: "Never a cent over",
        text: "The most a cast can cost is set aside before it runs. What does not fit does not start, from however many machines you call at once.",
      },
      {
        title: "Hostile code is boring",
        text: "Every program runs walled in: no network, no files, bounded memory, output and time. When it fails you get a clear error, and pay nothing.",
      },
      {
        title: "Every charge can be proved",
        text: "Each cast stands in a ledger whose entries are chained by hash. Keep one link, and nobody can rewrite what came before it.",
      },
    ],
    live: {
      heading: "Cast one now",
      note: "text-stats, on the house. The text goes to a program in a sandbox of ours; it is not kept.",
      label: "Your text",
      sample: "The quick brown fox jumps over the lazy dog.\nThe dog does not mind.",
      button: "Cast text-stats",
      pending: "Casting…",
    },
    result: {
      heading: "What it gave back",
      words: "Words",
      lines: "Lines",
      characters: "Characters",
      top: "Most frequent words",
      cost: "Cost",
      free: "Free",
      time: "In the sandbox",
      spell: "Spell",
      cast: "Cast",
    },
    refusals: {
      empty: "Write a text first: an empty one has nothing to count.",
      tooLong: "That text is too long: at most 10,000 characters, please.",
      rate: "That was a lot of casts in a short time. Wait a minute, then try again.",
      limit: "Today's casts on the house are used up. With a key of your own you can go on at once.",
      busy: "We cannot run your cast at this moment. Try again in a few seconds; nothing was charged.",
      failed: "The spell could not make sense of that text. Nothing was charged.",
    },
    program: {
      heading: "The same from a program",
      note: "With a key of your own, by REST or with types by tRPC.",
      docs: "Read the API reference",
      request: "The request",
      answer: "The answer",
      client: "With types, in TypeScript",
    },
  },
  ja: {
    title: "呼び出し単位で買える計算",
    description:
      "WebAssembly プログラムを 1 回のリクエストで実行し、その呼び出し分だけを支払います。予算は必ず守られます。",
    headline: "計算を、呼び出し単位で。",
    lead: "スペルは、誰かが公開した WebAssembly プログラムです。1 回のリクエストでキャスト（実行）し、そのキャスト分だけを支払います。予算は実行前に確認され、1 セントも超えません。",
    promises: [
      {
        title: "1 セントも超えません",
        text: "キャストにかかりうる最大額を実行前に確保します。収まらないものは、何台から同時に呼び出しても始まりません。",
      },
      {
        title: "悪意あるコードも、ただのエラーです",
        text: "プログラムは隔離された環境で動きます。ネットワークもファイルもなく、メモリ、出力、時間に上限があります。失敗すれば明確なエラーが返り、料金はかかりません。",
      },
      {
        title: "すべての料金を証明できます",
        text: "各キャストは、ハッシュで連結された台帳に記録されます。リンクを 1 つ控えておけば、それ以前を誰も書き換えられません。",
      },
    ],
    live: {
      heading: "今すぐ試す",
      note: "text-stats を無料で実行できます。文章は当サイトのサンドボックス内のプログラムに渡され、保存されません。",
      label: "文章",
      sample: "The quick brown fox jumps over the lazy dog.\nThe dog does not mind.",
      button: "text-stats をキャスト",
      pending: "キャスト中…",
    },
    result: {
      heading: "結果",
      words: "単語",
      lines: "行",
      characters: "文字",
      top: "よく使われている単語",
      cost: "料金",
      free: "無料",
      time: "サンドボックス内",
      spell: "スペル",
      cast: "キャスト",
    },
    refusals: {
      empty: "まず文章を入力してください。",
      tooLong: "文章が長すぎます。10,000 文字以内にしてください。",
      rate: "短時間のキャストが多すぎます。1 分ほど待ってからお試しください。",
      limit: "本日の無料キャストは終了しました。ご自身のキーがあればすぐに続けられます。",
      busy: "現在キャストを実行できません。数秒後にお試しください。料金は発生していません。",
      failed: "スペルがその文章を処理できませんでした。料金は発生していません。",
    },
    program: {
      heading: "プログラムからも同じように",
      note: "ご自身のキーで、REST または型付きの tRPC から。",
      docs: "API リファレンスを読む",
      request: "リクエスト",
      answer: "応答",
      client: "TypeScript で型付き",
    },
  },
});
