import { counted, translated } from "../language/translated.ts";

const bytes = counted("# byte", "# bytes");

/** What pages say about casts, wherever they show one. */
export const messages = translated({
  en: {
    states: {
      QUEUED: "Queued",
      RUNNING: "Running",
      COMPLETED: "Completed",
      FAILED: "Failed",
    },
    /** By `error_code`. */
    failures: {
      INVALID_INPUT: "the input did not fit",
      WASM_TRAP: "the program trapped",
      WASM_EXIT_NONZERO: "the program ended with an error",
      MEMORY_LIMIT: "out of memory",
      STACK_EXHAUSTED: "out of stack",
      FUEL_EXHAUSTED: "out of fuel",
      OUTPUT_LIMIT: "too much output",
      INVALID_OUTPUT: "the output was not as declared",
      WALL_TIME: "took too long",
      QUEUE_TIME: "waited too long in the queue",
      INTERRUPTED: "interrupted on our side",
    },
    failed: (reason: string) => `Failed: ${reason}`,
    /** What its owner ended is no failure to them. */
    cancelled: "Cancelled",
    free: "Free",
    none: "none",
    facts: {
      state: "State",
      cost: "Cost",
      fuel: "Fuel used",
      time: "Time in the sandbox",
      spell: "Spell",
      version: "version",
      cast: "Cast",
      castAt: "Cast at",
    },
    log: "Log of the program",
    result: {
      code: "Result",
      drawing: (spell: string) => `The drawing that ${spell} made`,
      svg: "The drawing as SVG",
      bytes: (count: number, shown: string) =>
        `${bytes(count, shown)}, not shown on a page. Read the result by the API.`,
      cut: "The result goes on. Read the whole of it by the API.",
    },
  },
  ja: {
    states: {
      QUEUED: "待機中",
      RUNNING: "実行中",
      COMPLETED: "完了",
      FAILED: "失敗",
    },
    failures: {
      INVALID_INPUT: "入力形式の誤り",
      WASM_TRAP: "プログラムの異常停止",
      WASM_EXIT_NONZERO: "プログラムのエラー終了",
      MEMORY_LIMIT: "メモリ不足",
      STACK_EXHAUSTED: "スタック不足",
      FUEL_EXHAUSTED: "フューエル切れ",
      OUTPUT_LIMIT: "出力超過",
      INVALID_OUTPUT: "出力形式の誤り",
      WALL_TIME: "時間切れ",
      QUEUE_TIME: "待機時間切れ",
      INTERRUPTED: "当方での中断",
    },
    failed: (reason: string) => `失敗：${reason}`,
    cancelled: "取り消し済み",
    free: "無料",
    none: "なし",
    facts: {
      state: "状態",
      cost: "料金",
      fuel: "使用フューエル",
      time: "サンドボックス内の時間",
      spell: "スペル",
      version: "バージョン",
      cast: "キャスト",
      castAt: "受付日時",
    },
    log: "プログラムのログ",
    result: {
      code: "結果",
      drawing: (spell: string) => `${spell} が描いた図`,
      svg: "図の SVG",
      bytes: (_count: number, shown: string) =>
        `${shown} バイトのデータです。ページには表示できません。API から取得できます。`,
      cut: "結果には続きがあります。全体は API から取得できます。",
    },
  },
});
