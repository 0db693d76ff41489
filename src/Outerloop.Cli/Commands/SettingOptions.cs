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
    private readonly List<(Setting Setting, Option Option)> _options =
        [.. SettingCatalog.All.Select(setting => (setting, OptionFor(setting)))];

    public void AddTo(Command command)
    {
        foreach ((_, Option option) in _options)
            command.Add(option);
    }

    /// <summary>The settings with what the command line says of them.</summary>
    /// <exception cref="InputException">A value is out of bounds.</exception>
    public RunSettings Apply(RunSettings settings, ParseResult parsed)
    {
        foreach ((Setting setting, Option option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } given)
                continue;
            try
            {
                bool alone = setting.IsFlag && given.Tokens.Count == 0;
                settings = setting.Apply(settings, alone ? "true" : string.Join(',', given.Tokens.Select(token => token.Value)));
            }
            catch (FormatException problem)
            {
                throw new InputException($"{option.Name}: {problem.Message}", problem);
            }
        }

        return settings;
    }

    private static Option OptionFor(Setting setting)
    {
        string name = OptionName(setting.Key);
        Option option = setting.Key == "domains" ? new Option<string[]>(name) : new Option<string>(name);
        option.Description = $"{setting.Description} [{setting.Print(new RunSettings())}]";
        option.HelpName = setting.Key;
        if (setting.IsFlag)
            option.Arity = ArgumentArity.ZeroOrOne;
        return option;
    }

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
