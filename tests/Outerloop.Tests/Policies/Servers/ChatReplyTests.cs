using System.Text;
using Outerloop.Planning.Domains;
using Outerloop.Policies;
using Outerloop.Policies.Servers;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Tests.Policies.Servers;

public sealed class ChatReplyTests
{
    private static readonly ChatCall Call = new([Request(0)], "prompt");

    [Theory]
    [InlineData("""{"content":"plan","reasoning":"why"}""", "<think>\nwhy\n</think>\n\nplan")]
    [InlineData("""{"content":"plan","reasoning_content":"why"}""", "<think>\nwhy\n</think>\n\nplan")]
    [InlineData("""{"content":"<think>why</think>plan","reasoning_content":null}""", "<think>why</think>plan")]
    [InlineData("""{"content":null,"reasoning":"why"}""", "<think>\nwhy\n</think>\n\n")]
    public void Reasoning_is_read_wherever_a_server_puts_it(string message, string text) =>
        Assert.Equal(text, Read("""{"choices":[{"index":0,"finish_reason":"stop","message":MESSAGE}]}""".Replace("MESSAGE", message)).Choices[0].Text);

    [Theory]
    [InlineData("stop", true)]
    [InlineData("length", false)]
    public void The_finish_reason_says_whether_the_answer_is_whole(string reason, bool finished) =>
        Assert.Equal(finished, Read("""{"choices":[{"finish_reason":"REASON","message":{"content":"x"}}]}""".Replace("REASON", reason)).Choices[0].Finished);

    [Fact]
    public void Token_ids_of_llama_cpp_stand_with_the_log_probabilities()
    {
        ChatChoice choice = Read("""{"choices":[{"finish_reason":"stop","message":{"content":"ab"},"logprobs":{"content":[{"id":5,"logprob":-1},{"id":6,"logprob":-2}]}}]}""").Choices[0];
        Assert.Equal([5, 6], choice.Tokens);
        Assert.Equal([-1f, -2f], choice.LogProbs);
    }

    [Fact]
    public void Answers_are_put_in_the_order_of_their_index()
    {
        ChatReply reply = Read(
            """{"choices":[{"index":1,"finish_reason":"stop","message":{"content":"bbb"}},{"index":0,"finish_reason":"stop","message":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":8}}""",
            new ChatCall([Request(0), Request(1)], "prompt"));
        Assert.Equal(["a", "bbb"], reply.Choices.Select(choice => choice.Text));
        Assert.Equal([2, 6], reply.Choices.Select(choice => choice.AnswerTokens));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":7}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"content_filter","message":{"content":"x"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":null,"message":{"content":"x"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"\ud800"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"x"}},{"index":0,"finish_reason":"stop","message":{"content":"x"}}]}""")]
    [InlineData("""{"model":"m2","choices":[{"finish_reason":"stop","message":{"content":"x"}}]}""")]
    [InlineData("""{"error":{"message":"overloaded"},"choices":[{"finish_reason":"stop","message":{"content":"x"}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"x"},"token_ids":[1,2],"logprobs":{"content":[{"logprob":-1}]}}]}""")]
    [InlineData("""{"choices":[{"finish_reason":"stop","message":{"content":"x"},"token_ids":[99999999999]}]}""")]
    public void What_is_no_answer_is_none_of_the_models(string body) =>
        Assert.Throws<UnusableReplyException>(() => Read(body));

    [Theory]
    [InlineData("m", true)]
    [InlineData("m-2026-01-31", true)]
    [InlineData("m-mini", false)]
    [InlineData("m-", false)]
    public void A_dated_model_answers_for_its_alias(string answered, bool accepted)
    {
        string body = """{"model":"MODEL","choices":[{"finish_reason":"stop","message":{"content":"x"}}]}""".Replace("MODEL", answered);
        if (accepted)
            Read(body);
        else
            Assert.Throws<UnusableReplyException>(() => Read(body));
    }

    private static ChatReply Read(string body, ChatCall? call = null) => ChatReply.Read(Encoding.UTF8.GetBytes(body), call ?? Call, "m");

    private static CompletionRequest Request(int sample)
    {
        PlanningDomain domain = DomainCatalog.Find("blocksworld")!;
        PlanningTask task = PlanningTask.Read(new TaskId(domain.Name, TaskSet.Pool, 0), domain.GenerateProblem("p", domain.PoolSizes, new Random(1)), domain.Domain);
        return new CompletionRequest(new TraceId(0, task.Id, SampleMode.Sampled, sample), task, 1, 100, new Seed(1));
    }
}
