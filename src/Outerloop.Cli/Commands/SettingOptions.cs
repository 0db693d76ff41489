using System.CommandLine;
using System.Text;
using Outerloop.Configuration;

namespace Outerloop.Cli.Commands;

/// <summary>
/// The settings of a run as options: <c>trainer.learningRate</c> is <c>--trainer-learning-rate</c>. Values are read and
/// bounded by the settings themselves, so that a run file and the command line refuse the same things.
/// </summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option<string[]> Option)> _options =
        [.. SettingCatalog.All.Select(setting => (setting, OptionFor(setting)))];

    public void AddTo(Command command)
    {
        foreach ((_, Option<string[]> option) in _options)
            command.Add(option);
    }

    /// <summary>The settings with what the command line says of them.</summary>
    /// <exception cref="InputException">A value is out of bounds.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parsed)
    {
        foreach ((Setting setting, Option<string[]> option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false })
                continue;
            try
            {
                settings = setting.Apply(settings, string.Join(',', parsed.GetValue(option)!));
            }
            catch (FormatException problem)
            {
                throw new InputException($"{option.Name}: {problem.Message}", problem);
            }
        }

        return settings;
    }

    private static Option<string[]> OptionFor(Setting setting) => new(OptionName(setting.Key))
    {
        Description = $"{setting.Description} [{setting.Print(new RunSettings())}]",
        HelpName = setting.Key,
        Arity = setting.Key == "domains" ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
    };

    private static string OptionName(string key) => key switch
    {
        "domains" => "--domain",
        "trainer.kind" => "--trainer",
        _ => "--" + Kebab(key),
    };

    private static string Kebab(string key)
    {
        var name = new StringBuilder();
        foreach (char letter in key)
        {
            if (letter == '.')
                name.Append('-');
            else if (char.IsUpper(letter))
                name.Append('-').Append(char.ToLowerInvariant(letter));
            else
                name.Append(letter);
        }

        return name.ToString();
    }
}
