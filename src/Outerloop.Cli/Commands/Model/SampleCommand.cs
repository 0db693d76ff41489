using System.CommandLine;
using System.Globalization;
using Outerloop.Model.Sampling;

namespace Outerloop.Cli.Commands.Model;

/// <summary><c>outerloop model sample</c>: what a model says to a prompt, token by token.</summary>
internal static class SampleCommand
{
    private const int MostTogether = 16;

    private static readonly Argument<string> Folder = new("DIR") { Description = "a Hugging Face folder" };
    private static readonly Option<string?> Prompt = new("--prompt") { Description = "the prompt, read with the folder's tokenizer", HelpName = "TEXT" };
    private static readonly Option<string?> Tokens = new("--tokens") { Description = "the prompt as token ids", HelpName = "1,2,3" };
    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "longest answer [128]", HelpName = "N", DefaultValueFactory = _ => 128 };
    private static readonly Option<double> Temperature = new("--temperature") { Description = "0 for the most probable token each time [1]", HelpName = "T", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> TopK = new("--top-k") { Description = "draw from so many of the most probable tokens; 0 for all [0]", HelpName = "K" };
    private static readonly Option<double> TopP = new("--top-p") { Description = "then from the fewest whose probabilities reach this [1]", HelpName = "P", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> MinP = new("--min-p") { Description = "then from those at least so probable relative to the most probable [0]", HelpName = "P" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "of the first answer; the next has the next [0]", HelpName = "N" };
    private static readonly Option<int> Count = new("--count") { Description = "answers [1]", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Threads = new("--threads") { Description = "worker threads; the answers do not depend on it", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<bool> AsJson = new("--json") { Description = "print JSON" };

    public static Command Create(Terminal terminal, TimeProvider clock)
    {
        var command = new Command(
            "sample",
            """
            Print what a model says to a prompt. An answer ends at the model's end of text or the token limit.

            Examples:
              outerloop model sample models/base --tokens 1,2,3 --count 3
              outerloop model sample Qwen3-0.6B --prompt "Once upon a time" --temperature 0.6 --top-p 0.95 --top-k 20
            """);
        command.Add(Folder);
        foreach (Option option in new Option[] { Prompt, Tokens, MaxTokens, Temperature, TopK, TopP, MinP, Seed, Count, Threads, AsJson })
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            int threads = Positive(parsed, Threads);
            using SampledModel model = SampledModel.Open(parsed.GetValue(Folder)!, threads);
            int[] prompt = ReadPrompt(parsed, model);
            SampleRequest[] requests = [.. Enumerable.Range(0, Positive(parsed, Count)).Select(index => Request(parsed, model, prompt, index))];
            await using var sampler = new LiveSampler(model.Sampler, new SamplerOptions
            {
                Threads = model.SharesProducts ? 1 : Math.Min(threads, requests.Length),
                BatchSize = Math.Min(MostTogether, requests.Length),
            });
            var printer = new SamplePrinter(model, terminal, clock, parsed.GetValue(AsJson));
            await printer.Run(requests, sampler, cancellation);
            return ExitCode.Done;
        });
        return command;
    }

    private static int[] ReadPrompt(ParseResult parsed, SampledModel model)
    {
        int[] prompt = (parsed.GetValue(Prompt), parsed.GetValue(Tokens)) switch
        {
            ({ } text, null) => model.Encode(text),
            (null, { } ids) => ModelCommand.ReadTokens(ids, model.Config),
            _ => throw new InputException("give either --prompt or --tokens"),
        };
        return prompt.Length > 0 && prompt.Length < model.Config.MaxPositions
            ? prompt
            : throw new InputException($"the prompt has {prompt.Length} tokens; the model wants 1 to {model.Config.MaxPositions - 1}");
    }

    private static SampleRequest Request(ParseResult parsed, SampledModel model, int[] prompt, int index)
    {
        double temperature = parsed.GetValue(Temperature), topP = parsed.GetValue(TopP), minP = parsed.GetValue(MinP);
        Require(temperature >= 0 && double.IsFinite(temperature), Temperature, "a number from 0 on", temperature);
        Require(topP > 0 && topP <= 1, TopP, "above 0 and at most 1", topP);
        Require(minP >= 0 && minP <= 1, MinP, "from 0 to 1", minP);
        Require(parsed.GetValue(TopK) >= 0, TopK, "a whole number from 0 on", parsed.GetValue(TopK));
        return new SampleRequest(
            index, prompt, Positive(parsed, MaxTokens), (float)temperature, unchecked(parsed.GetValue(Seed) + (ulong)index), model.EndOfText)
        {
            Filter = new TokenFilter { TopK = parsed.GetValue(TopK), TopP = (float)topP, MinP = (float)minP },
        };
    }

    private static int Positive(ParseResult parsed, Option<int> option)
    {
        Require(parsed.GetValue(option) > 0, option, "a whole number from 1 on", parsed.GetValue(option));
        return parsed.GetValue(option);
    }

    private static void Require(bool holds, Option option, string wanted, double given)
    {
        if (!holds)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: {given} is not {wanted}"));
    }
}
