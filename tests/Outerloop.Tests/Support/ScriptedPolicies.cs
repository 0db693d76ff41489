using System.Runtime.CompilerServices;
using Outerloop.Model.Tokenization.Chat;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Search;
using Outerloop.Planning.Validation;
using Outerloop.Policies;
using Outerloop.Prompting;

namespace Outerloop.Tests.Support;

/// <summary>
/// Policies that need no model: each answer is the teacher's plan or nonsense, by the answer's own seed, and later
/// generations are right more often.
/// </summary>
internal sealed class ScriptedPolicies : IPolicyFactory
{
    /// <summary>Called before each answer; may throw, or say that this answer fails.</summary>
    public Func<CompletionRequest, bool> Fails { get; init; } = _ => false;

    /// <summary>What a wrong answer says.</summary>
    public string Wrong { get; init; } = "clear b1";

    /// <summary>Whether it answers as models that hold conversations do, and not in words.</summary>
    public bool Converses { get; init; }

    /// <summary>Every request that was answered, in order.</summary>
    public List<CompletionRequest> Asked { get; } = [];

    public IPolicy Open(string folder, PlanningDomain domain) => new Scripted(this, folder);

    public IPromptFormat FormatOf(string folder, PlanningDomain domain) =>
        Converses ? new ChatFormat(domain, ChatTemplate.Qwen3) : new WordFormat(domain);

    private string Say(Plan plan) => Converses ? $"Here it is:\n```\n{plan}\n```\n" : WordFormat.Print(plan);

    private sealed class Scripted(ScriptedPolicies owner, string folder) : IPolicy
    {
        public string WeightsHash { get; } =
            File.Exists(ScriptedTrainer.WeightsIn(folder)) ? File.ReadAllText(ScriptedTrainer.WeightsIn(folder)) : "base";

        public async IAsyncEnumerable<Completion> Answer(
            IEnumerable<CompletionRequest> requests, [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (CompletionRequest request in requests)
            {
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                bool fails = owner.Fails(request);
                owner.Asked.Add(request);
                yield return Complete(request, fails);
            }
        }

        public void Dispose()
        {
        }

        private Completion Complete(CompletionRequest request, bool fails)
        {
            Random random = request.Seed.ToRandom();
            bool right = random.Next(10) < 2 + request.Id.Generation;
            return new Completion
            {
                Request = request,
                Text = right ? owner.Say(Planner.Solve(request.Task.Problem).Plan!) : owner.Wrong,
                Tokens = [1, 2, 0],
                LogProbs = [-1, -1, -1],
                SamplingLogProbs = [-1, -1, -1],
                PromptTokens = 5,
                End = fails ? CompletionEnd.Failed : CompletionEnd.Finished,
                Error = fails ? "the wire was cut" : null,
            };
        }
    }
}
