import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Limit and billing",
    description: "Your card, your invoices, and the limit of what your account may spend.",
    limit: {
      heading: "Your limit",
      none: "Your account has no limit of its own. What you set here is in force from your next cast.",
      monthly: (amount: string) => `In force: ${amount} a month.`,
      daily: (amount: string, most: string) => `In force: ${amount} a day, and at most ${most} in a month.`,
      soft: (amount: string) => `You are told at ${amount}.`,
      allowance: (amount: string) =>
        `Without a card you can spend ${amount} a month in all, whatever limit you set here.`,
    },
    saved: {
      limit: "Saved. The new limit is in force from your next cast.",
      reset: "Done. Your own limit is gone, from your next cast on.",
      card: "Your card is on file. The limit that is in force stands below.",
      removed: "The card is removed. What was collected from it stands in your invoices.",
      settling: "The removal has begun. What it still waits for stands below.",
    },
    form: {
      hard: "Limit, in US dollars",
      hardHint: (min: string, max: string) =>
        `From ${min} to ${max}. A cast that would pass it does not start.`,
      period: "Period",
      periods: {
        monthly: { name: "Monthly", note: "Begins on the first day, 00:00 UTC." },
        daily: {
          name: "Daily",
          note: "Begins at 00:00 UTC. The month as a whole is bounded by the highest limit that can be set.",
        },
      },
      soft: "Tell me before, at (US dollars, optional)",
      softHint: "No cast is refused for it. At most the limit; leave it empty to be told nothing.",
      save: "Save the limit",
      pending: "Saving…",
      problems: {
        empty: () => "Type an amount.",
        unreadable: () => "Type an amount such as 100 or 100.50.",
        "too-exact": () => "Type whole cents: at most two digits after the point.",
        bounds: (min: string, max: string) => `The limit must be from ${min} to ${max}.`,
        above: () => "This must not be above the limit.",
        period: () => "Choose monthly or daily.",
      },
    },
    reset: {
      heading: "Back to the default",
      question: "Give up your own limit?",
      withCard: (amount: string) => `The default is then in force: ${amount} a month.`,
      withoutCard: (amount: string) =>
        `Without a card, what you can spend is then bounded by ${amount} a month alone.`,
      ask: "Reset the limit…",
      confirm: "Reset the limit",
      pending: "Resetting…",
      cancel: "Keep my limit",
    },
  },
  ja: {
    title: "上限と請求",
    description: "カード、請求書、アカウントの使用額の上限。",
    limit: {
      heading: "上限",
      none: "アカウント独自の上限はまだありません。ここで設定した上限は、次のキャストから有効になります。",
      monthly: (amount: string) => `現在の上限：1 か月 ${amount}`,
      daily: (amount: string, most: string) => `現在の上限：1 日 ${amount}、1 か月では最大 ${most}`,
      soft: (amount: string) => `${amount} に達するとお知らせします。`,
      allowance: (amount: string) =>
        `カード未登録の場合、ここでの設定にかかわらず、利用できるのは月に合計 ${amount} までです。`,
    },
    saved: {
      limit: "保存しました。新しい上限は次のキャストから有効です。",
      reset: "独自の上限を解除しました。次のキャストから有効です。",
      card: "カードを登録しました。現在の上限は下のとおりです。",
      removed: "カードを削除しました。このカードに請求した料金は請求書に記載されています。",
      settling: "削除の手続きを始めました。完了までの流れは下のとおりです。",
    },
    form: {
      hard: "上限（米ドル）",
      hardHint: (min: string, max: string) =>
        `${min} から ${max} まで。上限を超えるキャストは開始されません。`,
      period: "期間",
      periods: {
        monthly: { name: "1 か月", note: "毎月 1 日の 0 時（UTC）に始まります。" },
        daily: {
          name: "1 日",
          note: "毎日 0 時（UTC）に始まります。1 か月の合計は、設定できる最大額までです。",
        },
      },
      soft: "上限の前にお知らせする金額（米ドル、任意）",
      softHint:
        "達してもキャストは拒否されません。上限以下の金額を入力してください。不要なら空欄のままにしてください。",
      save: "上限を保存",
      pending: "保存しています…",
      problems: {
        empty: () => "金額を入力してください。",
        unreadable: () => "100 や 100.50 のように金額を入力してください。",
        "too-exact": () => "小数点以下は 2 桁までで入力してください。",
        bounds: (min: string, max: string) => `上限は ${min} から ${max} までの金額にしてください。`,
        above: () => "上限以下の金額にしてください。",
        period: () => "1 か月か 1 日を選んでください。",
      },
    },
    reset: {
      heading: "既定に戻す",
      question: "独自の上限を解除しますか？",
      withCard: (amount: string) => `解除すると、既定の上限（1 か月 ${amount}）が有効になります。`,
      withoutCard: (amount: string) =>
        `カード未登録のため、解除すると月に ${amount} の枠だけが適用されます。`,
      ask: "上限を既定に戻す…",
      confirm: "既定に戻す",
      pending: "戻しています…",
      cancel: "現在の上限を維持",
    },
  },
});
