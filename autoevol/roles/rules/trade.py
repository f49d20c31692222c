"""Does a text speak of the rewriting of instructions: its rules, a report, a ticked-off list?

Decides what is said of the rewriting, in whatever words and language: of the instruction as one
that was rewritten, that it is harder now, that a requirement or words were added, that what was
given is kept, that nothing is solved or hinted at, that the language stays. Each of them may be
part of a task; several in one remark are not. Gives the remark, "" where there is none; `prompted`
makes a failure of it. Words copied from the method are left to that rule.
"""

from __future__ import annotations

import re
from itertools import islice

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.asking import asked
from autoevol.roles.rules.exhibit import Exhibit

# What may be said. OF_TASK speaks of an instruction as one that was rewritten, OF_FIRST of the one
# before, which a task may do too.
OF_TASK, OF_FIRST, HARDER, ADDED, LONGER, KEPT, UNSOLVED, TONGUE = (1 << n for n in range(8))
# With OF_FIRST these are no matter of a task that is compared with another one.
SURE_OF_FIRST = LONGER | UNSOLVED | TONGUE
DENIED = g.DENY | g.NO
# Two words of these kinds, within so many words, say it.
SAYINGS = (
    (OF_TASK, 4, g.BRIEF, g.REWRITTEN | g.FIRST | g.ANEW),
    (OF_TASK, 4, g.TASK, g.REWRITTEN),
    (OF_FIRST, 3, g.TASK, g.FIRST),
    (HARDER, 5, g.HARDER, g.RAISED | g.BRIEF | g.TASK),
    (ADDED, 4, g.ADDED, g.UNIT),
    (LONGER, 4, g.WORDS, g.ADDED | g.BOUND),
    (KEPT, 6, g.KEPT, g.GIVEN | g.MATERIAL),
    (UNSOLVED, 4, DENIED, g.HINT | g.SOLVE),
    (TONGUE, 4, g.TONGUE, g.KEPT | g.FIRST),
)
# One of these is new in each of them.
FRESH = g.REWRITTEN | g.FIRST | g.ANEW | g.HARDER | g.ADDED | g.KEPT | g.HINT | g.TONGUE | g.SOLVE
# The same where words are not told apart, or a word has several syllables with space between.
SIGNS = (
    (
        OF_TASK,
        Phrases(
            r"(?:改写|重写|改编|改寫|重寫|升级|进化|最终|调整后|修改后)后?(?:版)?的?(?:指令|"
            r"提示词?|问题|题目|任务|请求|要求)"
            r"|(?:原|原始|新的?|输入的?|给定的?)(?:指令|提示词)|(?:书き直|書き直|書き換え|書換え|"
            r"リライト)(?:した|された|後の|え後の)?"
            r"(?:指示|課題|問題|質問|依頼|タスク|プロンプト|文)|(?:元|新しい|最終|入力)(?:の|"
            r"的な)?(?:指示|プロンプト|指示文|依頼文)"
            r"|(?:yêu cầu|câu hỏi|đề bài|chỉ dẫn|câu lệnh|"
            r"bài toán)(?: đã)?(?: được)? (?:viết lại|sửa lại|gốc|ban đầu|mới)"
            r"|viết lại (?:yêu cầu|câu hỏi|đề bài|chỉ dẫn|câu lệnh|bài toán)|tulis(?:kan)? ulang|"
            r"ditulis ulang"
            r"|yeniden yaz(?:ıl|ma|ıp|ın)\w*|(?:다시|고쳐|바꿔) (?:쓴|작성한|써진) (?:지시|질문|"
            r"문제|요청|과제)"
            r"|(?:إعادة|أعد|المعاد|معاد) (?:صياغ|كتاب)\w*",
            re.I,
        ),
    ),
    (
        HARDER,
        Phrases(
            r"(?<!时间)(?<!空间)(?<!算法)(?:难度|複雑さ|複雑度|複雜度|复杂度|复杂性|難易度|"
            r"難度)(?:等级)?(?:已经?|被|有所|略有|を|が|は)?"
            r"(?:提高|提升|增加|加大|上げ|上が|高め|アップ|上升)|(?:更|より|比.{1,6})(?:难|難し|"
            r"复杂|複雑|具挑战)"
            r"|(?:khó|phức tạp) hơn|(?:tăng|nâng)(?: cao)? độ (?:khó|phức tạp)|độ khó (?:đã |"
            r"được )*(?:tăng|nâng)",
            re.I,
        ),
    ),
    (
        ADDED,
        Phrases(
            r"(?:增加|新增|添加|加入|追加|加上?)了?(?:一|1|两|额外|新)?(?:个|項|项|条|つ|"
            r"個)?(?:的)?(?:额外的?|新的?)?(?:要求|条件|约束|限制|需求|步)"
            r"|(?:要求|条件|制約|要件|条項)(?:を|が)?(?:一|1|ひと|1)?(?:つ|"
            r"個)?(?:だけ)?(?:のみ)?(?:追加|加え|増や|足し)"
            r"|(?:追加|新た)(?:した|の|な)(?:要求|条件|制約|要件)"
            r"|thêm (?:đúng )?(?:một|1|\d+)? ?(?:yêu cầu|điều kiện|ràng buộc)|(?:yêu cầu|"
            r"điều kiện|ràng buộc) (?:được |đã )?thêm",
            re.I,
        ),
    ),
    (
        LONGER,
        Phrases(
            r"(?:未|没有?|不曾)超过?(?:出)?.{0,3}?\d*.{0,2}(?:字|词|規定|字数)|(?:增加|新增|多|"
            r"添加)了?(?:约|大约|不到|不超过)?.{0,4}[字词](?!母|符|段|典|幕)"
            r"|字数.{0,4}(?:增加|符合|控制|范围|限制内)|[字語](?:ほど|以内)?(?:だけ)?(?:追加|"
            r"増や|長く)|文字数(?:は|の)?(?:制限|範囲)(?:内|を守)"
            r"|thêm (?:khoảng |không quá |tối đa )?\d+(?: đến \d+|[-–]\d+)? (?:từ|chữ)\b|"
            r"dài hơn \d+ (?:từ|chữ)",
            re.I,
        ),
    ),
    (
        KEPT,
        Phrases(
            r"(?:保留|保持|沿用|维持|未改动?|没有改|不改变|没有改变)了?.{0,8}(?:原意|原文|数据|"
            r"数字|代码|名称|信息|含义|题意|内容|不变)"
            r"|(?:原意|数据|数字|代码|信息|题意|名称|条件)(?:均|都|全部|保持|完全)*(?:不变|未变|"
            r"保留|未改|原样)"
            r"|(?:数値|数字|データ|名前|コード|意味|内容|情報|元の意味|固有名詞)(?:等|"
            r"など)?(?:は|を|も|の)(?:すべて|全て)?"
            r"(?:そのまま|保持|維持|変更せず|変えず|変更なし|変えていません|保たれ)"
            r"|(?:giữ nguyên|không (?:thay )?đổi|bảo toàn) (?:các |mọi |toàn bộ )?(?:số liệu|"
            r"con số|dữ liệu|tên|mã|ý nghĩa|nội dung|thông tin|đề bài|chủ đề)",
            re.I,
        ),
    ),
    (
        UNSOLVED,
        Phrases(
            r"(?:未|没有|不要?|无|勿|不得|不能|切勿)(?:给出|提供|包含|泄露|透露|涉及|含有?|暗示|"
            r"附|写出)?(?:任何)?(?:解答|答案|解法|提示|解题|解题思路)"
            r"|(?:不要|请勿|勿|无需)(?:直接)?(?:解答|回答|解决)(?:该|此|这|本)"
            r"|(?:ヒント|解答|答え|解法|解き方|回答)(?:は|を|も|や[^。、]{1,6}は)?(?:含ま|含め|"
            r"示さ|与え|書か|出さ|なし|無し|不要|述べ|明かさ|漏らさ|一切)"
            r"|(?:không|chưa|đừng|tránh)(?: được| hề| đưa ra| cung cấp| kèm| tiết lộ| nêu| cho|"
            r" có)* (?:gợi ý|lời giải|đáp án|câu trả lời|giải bài)",
            re.I,
        ),
    ),
    (
        TONGUE,
        Phrases(
            r"(?:语言|語言|語種|语种|言語)(?:与|和|は|を|も)?(?:原.{0,4})?(?:保持)?(?:一致|不变|"
            r"相同|そのまま|変え|維持|変更せず|同じ)"
            r"|(?:保持|使用|沿用|用)(?:与?原|相同|同样).{0,4}(?:语言|語言)|(?:元|同じ|"
            r"原文)の?(?:と同じ)?(?:言語|語)(?:の|で|を|に)"
            r"|(?:giữ(?: nguyên)?|cùng|đúng)(?: bằng)? ngôn ngữ|ngôn ngữ (?:của )?(?:yêu cầu |"
            r"đề bài |câu hỏi )?(?:gốc|ban đầu)"
            r"|(?:bahasa aslinya|bahasa yang sama|bahasa asal)",
            re.I,
        ),
    ),
)
# A remark in brackets, or behind a word that announces one.
BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】\n]{8,400}[)）\]】]")
NOTED = Phrases(
    r"\W{0,4}(?:n\.?b\.?|note|notes|remarks?|check(?:list)?|rules?|report|reminder|remember|"
    r"hinweis|"
    r"anmerkung|notiz|regeln?|prüfung|remarque|rappel|règles?|nota|notas|reglas|recuerda|"
    r"observação|"
    r"regras|lembre-se|regole|ricorda|opmerking|let op|regels|uwaga|pamiętaj|zasady|not|unutma|"
    r"kurallar|примечание|заметка|правила|помни|помните|примітка|пам'ятай|ملاحظة|تذكر|قواعد|"
    r"टिप्पणी|"
    r"नोट|ध्यान|नियम|참고|주의|규칙|obs|regler|anmärkning|huom|huomio|muista|säännöt|catatan|"
    r"ingat|"
    r"lưu ý|ghi chú|quy tắc|poznámka|pravidla)\b\s?[:.,!–-]?|\W{0,4}(?:注|注意|备注|说明|"
    r"改写说明|規則|规则|メモ|備考|補足)\s?[:：]",
    re.I,
)
STOPS = tuple(".!?。！？؟।…\n")
ASKING = ("?", "？", "؟")
ENOUGH, IN_REMARK, MOST = 3, 2, 12


def remark(e: Exhibit) -> str:
    """What the rewrite says of its own making, where the seed speaks of no such thing."""
    if not (_signed(e) or g.of_words(e.came, "") & FRESH):
        return ""
    told = g.of_words(e.new.vocabulary, "")
    if sum(g.fills(told, *wanted) for _, _, *wanted in SAYINGS) < IN_REMARK and not _signed(e):
        return ""
    if _of_craft(e.old.prose):
        return ""
    text, known = e.new.prose, e.before.text
    for shown in islice(BRACKETS.finditer(text), MOST):
        inside = shown.group()
        said = 0 if inside in known else said_of(inside)
        # Behind a sentence brackets hold a remark, within one they may detail a demand.
        apart = text[max(0, shown.start() - 3) : shown.start()].rstrip(" *_")[-1:] in STOPS
        if said and (apart or said & ~(ADDED | KEPT)) and _tells(said, IN_REMARK):
            return inside
    before = 0
    sentences = t.sentences(text)
    # A report stands in front of a task or behind it.
    for sentence in sentences[: MOST // 2] + sentences[MOST // 2 :][-MOST // 2 :]:
        if sentence in known or sentence.rstrip("*_\"' )").endswith(ASKING):
            before = 0
            continue
        said = said_of(sentence)
        enough = IN_REMARK if said and NOTED.match(sentence) else ENOUGH
        # An order may keep, add and forbid as much of what it asks for.
        sure = said & (OF_TASK | OF_FIRST | HARDER | TONGUE)
        if said and _tells(said, enough) and (sure or not asked(sentence)):
            return sentence
        if said and before and _tells(said | before, ENOUGH + 1):
            return sentence
        before = said
    return ""


def _signed(e: Exhibit) -> bool:
    text = e.after.text
    return SYLLABLES.search(text) is not None and sum(s.maybe(text) for _, s in SIGNS) >= IN_REMARK


def _of_craft(seed: str) -> bool:
    """Whether a seed itself is about instructions or about texts to be written anew."""
    told = g.read(seed)
    if told & (g.BRIEF | g.REWRITTEN) or TRADE.search(seed):
        return True
    return bool(said_of(seed))


TRADE = Phrases(
    r"\b(?:rewrit\w*|paraphras\w*|edit(?:ed|or|ing)?|proofread\w*|translat\w+|summari[sz]\w*|"
    r"shorten\w*|"
    r"quiz\w*|exam|exams|worksheet\w*|exercises|übersetz\w*|umschreib\w*|kürz\w*|tradu[cizs]\w*|"
    r"resum\w*|résum\w*|riassum\w*|vertaal\w*|samenvat\w*|przetłumacz\w*|streść|skróć|çevir\w*|"
    r"özetle\w*|"
    r"перевед\w*|переклад\w*|сократи\w*|översätt\w*|käännä\w*|terjemah\w*|dịch)\b"
    r"|翻译|翻譯|改写|润色|缩写|摘要|总结|提示词|出题|試題|试题|翻訳|要約|書き直|書き換え|校正|"
    r"번역|요약|고쳐|"
    r"ترجم|لخص|أعد صياغة|अनुवाद|सारांश",
    re.I,
)


def said_of(sentence: str) -> int:
    """What a sentence says of the rewriting of an instruction, as bits."""
    told = g.read(sentence)
    found = 0
    for bit, reach, *wanted in SAYINGS:
        if not found & bit and g.fills(told, *wanted) and g.within(sentence, reach, *wanted):
            found |= bit
    for bit, signs in SIGNS if SYLLABLES.search(sentence) else ():
        found |= bit * bool(signs.search(sentence))
    return found


# What patterns are for: scripts without spaces, Arabic, Korean, letters of Vietnamese and Turkish.
# Indonesian is written in ASCII.
SYLLABLES = re.compile(
    f"[{t.UNSPACED}\u0600-\u06ff\uac00-\ud7afơưđăğışạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"
    r"|\bulang\b|\bbahasa\b",
    re.I,
)


def _tells(said: int, enough: int) -> bool:
    """Whether so much is said that it is the rewriting that is spoken of."""
    others = said & ~(OF_TASK | OF_FIRST)
    if said & OF_TASK and others:
        return True
    if said & OF_FIRST and others & SURE_OF_FIRST and others.bit_count() > 1:
        return True
    return others.bit_count() + bool(said & OF_FIRST) >= enough
