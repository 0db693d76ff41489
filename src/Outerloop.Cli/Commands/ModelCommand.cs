using System.CommandLine;
using System.Globalization;
using Outerloop.Cli.Commands.Model;
using Outerloop.Cli.Display;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Tokenization;
using Outerloop.Model.Tokenization.BytePairs;
using Outerloop.Pretraining;

namespace Outerloop.Cli.Commands;

/// <summary><c>outerloop model</c>: the in-process model.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal, TimeProvider clock) =>
        new("model", "The in-process language model.")
        {
            CreatePretrain(terminal, clock),
            CreateInfo(terminal),
            CreateLogits(terminal),
            Model.ExportCommand.Create(terminal),
            SampleCommand.Create(terminal, clock),
            InitCommand.Create(terminal),
        };

    private static Command CreatePretrain(Terminal terminal, TimeProvider clock)
    {
        var folder = new Argument<string>("DIR") { Description = "where the model goes: a Hugging Face folder" };
        var recipe = new Option<string?>("--recipe") { Description = "a recipe, as DIR/recipe.json has it afterwards [the bundled base's]", HelpName = "FILE.json" };
        var threads = new Option<int>("--threads") { Description = "worker threads; the result does not depend on it", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "print the result as JSON" };
        var command = new Command(
            "pretrain",
            """
            Make a base from a teacher's and amateurs' demonstrations. After Ctrl-C the same command goes on where it was.

            Examples:
              outerloop model pretrain my-base                              # the bundled base again, to the byte with AVX512_BF16
              outerloop model pretrain my-base --recipe my-recipe.json
            """)
        {
            folder,
            recipe,
            threads,
            json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            PretrainingRecipe chosen = parsed.GetValue(recipe) is { } file ? PretrainingRecipe.Read(file) : new PretrainingRecipe();
            var pretrainer = new BasePretrainer(chosen, parsed.GetValue(threads));
            PretrainingResult result = await ProgressDisplay.Run(
                terminal.Messages,
                clock,
                display => Task.Run(() => pretrainer.Pretrain(parsed.GetValue(folder)!, step => Show(step, display), cancellation), cancellation));
            if (parsed.GetValue(json))
                Json.Write(result, terminal.Output);
            else
                Print(result, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateInfo(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "a Hugging Face folder" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command("info", "Check a model's files and say what it is.\n\nExample:\n  outerloop model info models/base")
        {
            folder,
            json,
        };
        command.SetAction(parsed =>
        {
            Checkpoint checkpoint = CheckpointFolder.Load(parsed.GetValue(folder)!);
            var info = new { shape = checkpoint.Parameters.Config, parameters = checkpoint.Parameters.Values.Length, tokenizer = KindOf(checkpoint.Tokenizer), tokens = checkpoint.Tokenizer?.VocabularySize, weights = checkpoint.WeightsHash };
            if (parsed.GetValue(json))
                Json.Write(info, terminal.Output);
            else
                terminal.Output.WriteLine($"{info.shape}\n{info.parameters} parameters, weights {info.weights}\n{info.tokenizer ?? "no tokenizer"}, {info.tokens ?? 0} tokens");
            return ExitCode.Done;
        });
        return command;
    }

    private static string? KindOf(ITokenizer? tokenizer) => tokenizer switch
    {
        null => null,
        BytePairTokenizer => "byte-level byte pairs",
        _ => "words",
    };

    private static Command CreateLogits(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "a Hugging Face folder" };
        var tokens = new Option<string>("--tokens") { Description = "token ids", Required = true, HelpName = "1,2,3" };
        var command = new Command("logits", "Print the logits after each token as JSON {\"logits\":[[…]]}.\n\nExample:\n  outerloop model logits models/base --tokens 1,2,3")
        {
            folder,
            tokens,
        };
        command.SetAction(parsed =>
        {
            Checkpoint checkpoint = CheckpointFolder.Load(parsed.GetValue(folder)!);
            int[] ids = ReadTokens(parsed.GetValue(tokens)!, checkpoint.Parameters.Config);
            Json.WriteLine(new { logits = new LanguageModel(checkpoint.Parameters).Logits(ids) }, terminal.Output);
            return ExitCode.Done;
        });
        return command;
    }

    internal static int[] ReadTokens(string text, ModelConfig config)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        int[] tokens = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out tokens[i]) || tokens[i] >= config.Vocabulary)
                throw new InputException($"--tokens: '{words[i]}' is not a token id from 0 to {config.Vocabulary - 1}");
        }

        return tokens.Length <= config.MaxPositions
            ? tokens
            : throw new InputException($"--tokens: {tokens.Length} tokens, and the model reads at most {config.MaxPositions}");
    }

    private static void Show(PretrainingStep step, IProgressDisplay display) => display.Show(
        "pre-training",
        step.Step,
        step.Steps,
        step.Tokens,
        string.Create(CultureInfo.InvariantCulture, $"loss {step.Loss:0.000}, {step.Stage}"));

    private static void Print(PretrainingResult result, Terminal terminal)
    {
        foreach (DemonstrationCount shown in result.Demonstrations)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shown.Domain}: {shown.Demonstrations} demonstrations, {shown.Valid} of them valid, of up to {shown.LongestValid} steps"));
        terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Parameters} parameters, {result.Tokens} tokens, loss {result.FinalLoss:0.000}; weights {result.Weights}"));
    }
}
