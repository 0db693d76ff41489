using System.CommandLine;
using System.Globalization;
using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;

namespace Outerloop.Cli.Commands.Model;

/// <summary><c>outerloop model init</c>: random weights of a published model's shape.</summary>
internal static class InitCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "where the model goes: a Hugging Face folder" };
        var shape = new Option<string>("--shape") { Description = $"the shape: {string.Join(", ", ModelShapes.Names)}", Required = true, HelpName = "NAME" };
        var seed = new Option<ulong>("--seed") { Description = "of the random weights [0]", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "init",
            """
            Write random weights of a published model's shape, in bfloat16 and without a tokenizer, to measure with.

            Example:
              outerloop model init --shape qwen3-0.6b random-0.6b
            """)
        {
            folder,
            shape,
            seed,
            json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shape)!;
            if (!ModelShapes.TryFind(name, out ModelConfig? config))
                throw new InputException(Choice.Unknown("shape", name, ModelShapes.Names));
            string hash = RandomCheckpoint.Write(parsed.GetValue(folder)!, config!, parsed.GetValue(seed));
            int parameters = new ParameterLayout(config!).Length;
            if (parsed.GetValue(json))
                Json.Write(new { shape = config, parameters, weights = hash }, terminal.Output);
            else
                terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parameters} parameters, weights {hash}"));
            return ExitCode.Done;
        });
        return command;
    }
}
