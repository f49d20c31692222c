"""What asks and what only states, where words stand without spaces."""

from __future__ import annotations

import pytest

from autoevol.roles import text as t
from autoevol.roles.rules.asking import asks
from tests.roles.evolutions import fired

ASKED = [
    "在Python中读取CSV文件，跳过空行。",
    "为退休的老师写一段祝词。",
    "以“雨”为题作一首五言绝句。",
    "从1到100的质数中，挑出个位是7的。",
    "对这段文字润色。",
    "根据下表求平均分。",
    "在三角形ABC中，角A等于60度，BC=7，求AB+AC的最大值。",
    "向五岁孩子解释重力。",
    "按字母顺序给这些名字排序。",
    "替我拟一封辞职信。",
    "写一首下雨时的诗。",
    "从下面四个选项里挑一个。",
    "为公司年会策划三个节目。",
    "对方迟到时应该说些什么？",
    "在不使用循环的情况下反转字符串。",
    "将列表倒序，要求时间复杂度为O(n)。",
    "桃太郎を三行で要約して。",
    "いい季語を選んで。",
    "面接の練習に付き合って",
]
STATED = [
    "保持Redis和MySQL一致的常用做法是先更新数据库再删除缓存，删除失败时通过消息队列重试；对一致性要求更高时可以订阅binlog异步失效缓存。",
    "写简历时应突出与岗位相关的成果，用数字说明影响，控制在一页以内。",
    "这个三角形的面积为24平方厘米，求法是底乘高除以二。",
    "以空间换时间的做法是用哈希表记录已出现的元素。",
    "为了减少延迟，给接口加缓存，把静态资源放到CDN上。",
    "Redis와 MySQL의 일관성을 유지하려면 먼저 DB를 갱신하고 캐시를 삭제하는 것이 필요합니다.",
    "对初学者来说，最好的学习方法是每天练习半小时。",
    "在高并发场景下，乐观锁比悲观锁更合适。",
    "从本质上说，通货膨胀是货币供应量的增长超过了产出的增长。",
    "为期三天的行程一般是第一天故宫，第二天长城，第三天颐和园。",
    "睡前喝咖啡会影响睡眠，因为咖啡因会阻断腺苷受体。",
    "对象没有回收的原因是事件监听器仍持有引用；在组件卸载时移除监听器就能解决。",
    "在数据库里，索引变慢是因为写入时要维护B+树。",
    "整合性を保つ一般的な方法は、先にデータベースを更新してからキャッシュを削除することです。",
    "空が青いのは、空気分子が短い波長の光をより強く散乱するためです。",
]


@pytest.mark.parametrize("text", ASKED)
def test_an_order_behind_a_preposition_is_an_order(text: str) -> None:
    assert asks(t.Reading(text))


@pytest.mark.parametrize("text", STATED)
def test_a_statement_asks_for_nothing_whatever_it_begins_with(text: str) -> None:
    assert not asks(t.Reading(text))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("redis和mysql怎么保持一致", STATED[0]),
        ("简历怎么写？", STATED[1]),
        ("どうして空は青いの？", STATED[-1]),
        ("ja: RedisとMySQLの整合性はどう保つ？", STATED[-2]),
    ],
)
def test_an_answer_in_place_of_the_question_is_a_lost_question(before: str, after: str) -> None:
    assert "question_lost" in fired(before, after)
