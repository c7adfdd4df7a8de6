import { counted, translated } from "../language/translated.ts";

const others = counted("# other spell", "# other spells");

export const messages = translated({
  en: {
    title: "Overview",
    description: "What you spent, what remains, and your limit.",
    updated: (time: string) => `As of ${time}.`,
    stale: (time: string) => `The figures cannot be refreshed at this moment. These are as of ${time}.`,
    figures: {
      spent: "Spent",
      remaining: "Remaining",
      calls: "Calls",
      limit: { monthly: "Monthly limit", daily: "Daily limit" },
      since: {
        monthly: (day: string) => `this month, since ${day} UTC`,
        daily: (day: string) => `today, ${day} UTC`,
      },
      held: (amount: string) => `${amount} held now for running casts`,
      nothingHeld: "nothing is held now",
      source: {
        chosen: "your own limit",
        default: "the default limit",
        ceiling: "the most any month may cost",
        allowance: "without a card",
      },
    },
    limit: {
      heading: { monthly: "This month's limit", daily: "Today's limit" },
      change: "Change the limit",
      /** In place of a percent that is none yet. */
      little: (percent: string) => `Less than ${percent}`,
      spent: (percent: string, spent: string, limit: string) => `${percent} spent: ${spent} of ${limit}.`,
    },
    warnings: {
      below: "You are below the limit. A cast that would pass it does not start.",
      most: "70% of the limit or more is spent.",
      nearly: "90% of the limit or more is spent.",
      full: "The limit is spent. Casts that cost something are refused.",
      refusedUntil: (end: string) =>
        `When all of it is spent, casts that cost something are refused until ${end}.`,
      raiseOrWait: (end: string) => `Raise the limit to go on, or wait: the next period begins on ${end}.`,
      waitForMonth: (end: string) => `Without a card, you can spend again from ${end}.`,
      waitOnly: (end: string) => `This limit cannot be raised. The next period begins on ${end}.`,
    },
    card: {
      onFile: (brand: string, last4: string) => `Card on file: ${brand} ending in ${last4}.`,
      none: (allowance: string) =>
        `No card is on file. Without one you can spend up to ${allowance} a month.`,
      register: "Register a card",
      change: "Change the card",
      /** A brand that we do not know. */
      card: "Card",
    },
    graph: {
      heading: (month: string) => `${month} by day`,
      today: "Today",
      table: "Show the days in figures",
      caption: (month: string) => `Casts and cost by day, ${month}`,
      day: "Day (UTC)",
      casts: "Casts",
      cost: "Cost",
      left: "Days without a cast are left out.",
      summary: (
        month: string,
        total: string,
        most: { readonly day: string; readonly cost: string } | null,
      ) =>
        most === null
          ? `Nothing was spent in ${month}.`
          : `${total} spent in ${month}, the most on ${most.day} (${most.cost}).`,
    },
    spells: {
      heading: (month: string) => `${month} by spell`,
      caption: (month: string) => `Casts and cost by spell, ${month}`,
      spell: "Spell",
      casts: "Casts",
      cost: "Cost",
      others: (count: number) => others(count, String(count)),
    },
    empty: {
      heading: "No casts yet this month",
      text: "Start with either of these; what you use is then shown here.",
      key: "Create an API key",
      keyNote: "With it your programs cast spells.",
      cast: "Cast a spell here",
      castNote: "Try one in the grimoire, without a program.",
    },
  },
  ja: {
    title: "概要",
    description: "使用額、残額、上限の確認。",
    updated: (time: string) => `${time} 現在`,
    stale: (time: string) => `現在、数値を更新できません。${time} 時点の数値を表示しています。`,
    figures: {
      spent: "使用額",
      remaining: "残額",
      calls: "キャスト数",
      limit: { monthly: "1 か月の上限", daily: "1 日の上限" },
      since: {
        monthly: (day: string) => `今月（${day}から、UTC）`,
        daily: (day: string) => `本日（${day}、UTC）`,
      },
      held: (amount: string) => `実行中のキャスト用に ${amount} を確保中`,
      nothingHeld: "確保中の金額はありません",
      source: {
        chosen: "ご自身で設定した上限",
        default: "既定の上限",
        ceiling: "1 か月の最大額",
        allowance: "カード未登録の場合",
      },
    },
    limit: {
      heading: { monthly: "今月の上限", daily: "本日の上限" },
      change: "上限を変更",
      little: (percent: string) => `${percent} 未満`,
      spent: (percent: string, spent: string, limit: string) =>
        `使用済み：${percent}（${limit} のうち ${spent}）`,
    },
    warnings: {
      below: "上限内です。上限を超えるキャストは開始されません。",
      most: "上限の 70% 以上を使用しました。",
      nearly: "上限の 90% 以上を使用しました。",
      full: "上限に達しました。料金のかかるキャストは拒否されます。",
      refusedUntil: (end: string) => `上限に達すると、${end} まで料金のかかるキャストは拒否されます。`,
      raiseOrWait: (end: string) => `続けるには上限を上げるか、次の期間の開始（${end}）をお待ちください。`,
      waitForMonth: (end: string) => `カード未登録の場合、${end} から再び利用できます。`,
      waitOnly: (end: string) => `この上限は上げられません。次の期間の開始（${end}）をお待ちください。`,
    },
    card: {
      onFile: (brand: string, last4: string) => `登録済みのカード：${brand}（末尾 ${last4}）`,
      none: (allowance: string) =>
        `カードは登録されていません。未登録の場合、月に ${allowance} まで利用できます。`,
      register: "カードを登録",
      change: "カードを変更",
      card: "カード",
    },
    graph: {
      heading: (month: string) => `${month}の日別使用額`,
      today: "今日",
      table: "日別の数値を表示",
      caption: (month: string) => `${month}の日別のキャスト数と料金`,
      day: "日（UTC）",
      casts: "キャスト数",
      cost: "料金",
      left: "キャストのない日は省略しています。",
      summary: (
        month: string,
        total: string,
        most: { readonly day: string; readonly cost: string } | null,
      ) =>
        most === null
          ? `${month}の使用額はありません。`
          : `${month}の使用額は ${total} です。最も多かった日は${most.day}（${most.cost}）です。`,
    },
    spells: {
      heading: (month: string) => `${month}のスペル別使用額`,
      caption: (month: string) => `${month}のスペル別のキャスト数と料金`,
      spell: "スペル",
      casts: "キャスト数",
      cost: "料金",
      others: (count: number) => `ほか ${count} 件のスペル`,
    },
    empty: {
      heading: "今月はまだキャストがありません",
      text: "次のどちらかを行うと、ここに使用状況が表示されます。",
      key: "API キーを作成",
      keyNote: "プログラムからスペルをキャストできます。",
      cast: "ここでスペルをキャスト",
      castNote: "プログラムを書かずに、グリモワールから試せます。",
    },
  },
});
