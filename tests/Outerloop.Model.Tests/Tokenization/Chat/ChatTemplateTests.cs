using Outerloop.Model.Tests.Tokenization.BytePairs;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.Chat;

namespace Outerloop.Model.Tests.Tokenization.Chat;

public sealed class ChatTemplateTests
{
    private static readonly ChatMessage Rules = new(ChatRole.System, "Plan.");
    private static readonly ChatMessage Question = new(ChatRole.User, "b1 on b2?");

    [Fact]
    public void A_question_is_followed_by_the_beginning_of_the_answer() => Assert.Equal(
        "<|im_start|>system\nPlan.<|im_end|>\n<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Qwen3.Render([Rules, Question]));

    [Fact]
    public void Without_thinking_the_answer_begins_with_an_empty_thought() => Assert.Equal(
        "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        ChatTemplate.Qwen3.Render([Question], enableThinking: false));

    [Fact]
    public void An_answer_to_learn_from_has_a_thought_even_if_it_is_empty()
    {
        Assert.Equal(
            "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\nyes<|im_end|>\n",
            ChatTemplate.Qwen3.Render([Question, Says("yes")], addGenerationPrompt: false));
        Assert.Equal(
            "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n<think>\nIt is.\n</think>\n\nyes<|im_end|>\n",
            ChatTemplate.Qwen3.Render([Question, Says("yes") with { Reasoning = "\nIt is.\n" }], addGenerationPrompt: false));
    }

    [Theory]
    [InlineData("<think>\nIt is.\n</think>\n\nyes", null)]
    [InlineData("It is.\n</think>\nyes", null)]
    [InlineData("<think>a</think>b<think>It is.</think>yes", null)]
    [InlineData("yes", "It is.")]
    public void Reasoning_before_the_last_question_is_dropped(string content, string? reasoning) => Assert.Equal(
        "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\nyes<|im_end|>\n<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Qwen3.Render([Question, Says(content) with { Reasoning = reasoning }, Question]));

    [Fact]
    public void The_answer_of_a_tool_is_no_new_question() => Assert.Equal(
        "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n<think>\nAsk.\n</think>\n\ncall<|im_end|>\n"
        + "<|im_start|>user\n<tool_response>1</tool_response><|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.Qwen3.Render([Question, Says("<think>Ask.</think>call"), new ChatMessage(ChatRole.User, "<tool_response>1</tool_response>")]));

    [Fact]
    public void Of_two_answers_in_a_row_the_first_has_a_thought_only_if_it_thought() => Assert.Equal(
        "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\none<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\ntwo<|im_end|>\n",
        ChatTemplate.Qwen3.Render([Question, Says("one"), Says("two")], addGenerationPrompt: false));

    [Fact]
    public void Plain_ChatML_has_turns_and_nothing_else() => Assert.Equal(
        "<|im_start|>user\nb1 on b2?<|im_end|>\n<|im_start|>assistant\n<think>x</think>yes<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.ChatMl.Render([Question, Says("<think>x</think>yes")], enableThinking: false));

    [Fact]
    public void A_turn_ends_with_its_own_token()
    {
        string text = ChatTemplate.Qwen3.Render([Question], addGenerationPrompt: false);
        int[] ids = SmallTokenizers.Trained.Encode(text);
        Assert.Equal("<|im_start|>", SmallTokenizers.Trained.Token(ids[0]));
        Assert.Equal(ChatTemplate.EndOfTurn, SmallTokenizers.Trained.Token(ids[^2]));
        Assert.Equal(text, SmallTokenizers.Trained.Decode(ids));
    }

    [Fact]
    public void Qwen3s_template_is_known_and_any_other_is_approximated_with_a_notice()
    {
        const string qwen = "{% if enable_thinking %}<|im_start|>{{ message.reasoning_content }}{% set ns.last_query_index %}";
        Assert.Same(ChatTemplate.Qwen3, Of(qwen, out string? notice));
        Assert.Null(notice);
        Assert.Same(ChatTemplate.ChatMl, Of("{{ '<|im_start|>' }}", out notice));
        Assert.Contains("is not Qwen3's", notice, StringComparison.Ordinal);
        Assert.Same(ChatTemplate.ChatMl, Of(null, out notice));
        Assert.Contains("has no chat template", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_without_the_tokens_of_turns_has_no_template()
    {
        Assert.Null(ChatTemplate.Of(new WordTokenizer(["on"]), out string? notice));
        Assert.Contains("<|im_start|>", notice, StringComparison.Ordinal);
    }

    private static ChatMessage Says(string content) => new(ChatRole.Assistant, content);

    private static ChatTemplate? Of(string? template, out string? notice) =>
        ChatTemplate.Of(SmallTokenizers.Read(SmallTokenizers.Bytes(SmallTokenizers.Trained), new TokenizerConfig(null, template)), out notice);
}
