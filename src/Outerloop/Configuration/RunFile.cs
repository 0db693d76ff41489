using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Outerloop.Configuration;

/// <summary>Reads and writes run files: YAML whose nested keys are the dotted keys of <see cref="SettingCatalog"/>.</summary>
public static class RunFile
{
    /// <summary>Settings of a file over the defaults.</summary>
    /// <exception cref="InputException">The file cannot be read, a key is unknown or a value is out of bounds; located.</exception>
    public static RunSettings Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot read the run file: {problem.Message}", problem);
        }

        return Parse(path, text);
    }

    public static RunSettings Parse(string path, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw new InputException($"{path}:{problem.Start.Line}:{problem.Start.Column}: not YAML: {problem.Message}", problem);
        }

        if (stream.Documents.Count == 0)
            return new RunSettings();
        return stream.Documents[0].RootNode is YamlMappingNode root
            ? ApplyMapping(new RunSettings(), root, "", path)
            : throw new InputException($"{Where(path, stream.Documents[0].RootNode)}: a run file is a mapping of settings, 'tasks: 1000' for example");
    }

    public static string Print(RunSettings settings)
    {
        var text = new StringBuilder();
        string[] open = [];
        foreach (Setting setting in SettingCatalog.All)
        {
            string[] names = setting.Key.Split('.');
            int shared = names[..^1].Zip(open).TakeWhile(pair => pair.First == pair.Second).Count();
            for (int depth = shared; depth < names.Length - 1; depth++)
                text.Append(' ', 2 * depth).Append(names[depth]).Append(":\n");
            text.Append(' ', 2 * (names.Length - 1)).Append(names[^1]).Append(": ").Append(Quoted(setting.Print(settings))).Append('\n');
            open = names[..^1];
        }

        return text.ToString();
    }

    /// <summary>A value as YAML reads it back: in quotes where it holds more than letters, digits and what paths are made of.</summary>
    private static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || "-+_./,".Contains(letter))
            ? value
            : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static RunSettings ApplyMapping(RunSettings settings, YamlMappingNode mapping, string prefix, string path)
    {
        foreach ((YamlNode name, YamlNode value) in mapping.Children)
        {
            string key = prefix + (name as YamlScalarNode)?.Value;
            bool group = SettingCatalog.All.Any(setting => setting.Key.StartsWith(key + ".", StringComparison.Ordinal));
            settings = group && value is YamlMappingNode nested
                ? ApplyMapping(settings, nested, key + ".", path)
                : ApplyValue(settings, key, name, value, path);
        }

        return settings;
    }

    private static RunSettings ApplyValue(RunSettings settings, string key, YamlNode name, YamlNode value, string path)
    {
        Setting setting = SettingCatalog.Find(key)
            ?? throw new InputException($"{Where(path, name)}: {Choice.Unknown("setting", key, SettingCatalog.All.Select(known => known.Key))}");
        string text = value switch
        {
            YamlScalarNode scalar => scalar.Value ?? "",
            YamlSequenceNode sequence when sequence.Children.All(item => item is YamlScalarNode) =>
                string.Join(',', sequence.Children.Select(item => ((YamlScalarNode)item).Value)),
            _ => throw new InputException($"{Where(path, value)}: {key} wants a single value"),
        };
        try
        {
            return setting.Apply(settings, text);
        }
        catch (FormatException problem)
        {
            throw new InputException($"{Where(path, value)}: {key}: {problem.Message}", problem);
        }
    }

    private static string Where(string path, YamlNode node) => $"{path}:{node.Start.Line}:{node.Start.Column}";
}
