using System.CommandLine;
using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Cli.Commands.Model;

/// <summary><c>outerloop model export</c>: a model for other programs.</summary>
internal static class ExportCommand
{
    private static readonly (string Name, TensorType Type)[] Types =
        [("f32", TensorType.F32), ("bf16", TensorType.BF16), ("f16", TensorType.F16)];

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "a Hugging Face folder, or a PEFT adapter's, whose base is merged in" };
        var to = new Option<string>("--to") { Description = "the new folder", Required = true, HelpName = "OUT" };
        var merge = new Option<string?>("--merge") { Description = "merge this PEFT adapter into the model", HelpName = "ADAPTER" };
        var type = new Option<string>("--dtype") { Description = "type of the weights: f32, bf16 or f16", DefaultValueFactory = _ => "f32", HelpName = "TYPE" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var command = new Command(
            "export",
            """
            Write a model for transformers, vLLM and llama.cpp's converter, an adapter merged in where there is one.

            Examples:
              outerloop model export models/base --to exported --dtype bf16
              outerloop model export qwen3 --merge my-adapter --to merged
              outerloop model export runs/long/generations/blocksworld/5 --to best
            """)
        {
            folder,
            to,
            merge,
            type,
            json,
        };
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(to)!;
            string weights = ModelExport.Write(parsed.GetValue(folder)!, parsed.GetValue(merge), target, ReadType(parsed.GetValue(type)!));
            if (parsed.GetValue(json))
                Json.Write(new { folder = target, weights }, terminal.Output);
            else
                terminal.Output.WriteLine($"{target}: weights {weights}");
            return ExitCode.Done;
        });
        return command;
    }

    private static TensorType ReadType(string name) =>
        Types.Any(known => known.Name == name)
            ? Types.First(known => known.Name == name).Type
            : throw new InputException($"--dtype: {Choice.Unknown("type", name, Types.Select(known => known.Name))}");
}
